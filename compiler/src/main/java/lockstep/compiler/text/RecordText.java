// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lockstep.arch.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Records as text, {@code Name(field=value, ...)}, and back. Fields are numbers, booleans, strings,
 * enums, records, sealed interfaces of records, lists, maps with string keys, and arrays of a
 * primitive type; an absent one is {@code none}. A new record needs nothing here.
 */
final class RecordText {
  private static final int SHOWN_ELEMENTS = 16;
  private static final String ABSENT = "none";

  private final Map<Class<?>, Form<?>> forms = new HashMap<>();
  private final DataPool pool;

  RecordText(DataPool pool, List<Form<?>> forms) {
    this.pool = pool;
    forms.forEach(f -> this.forms.put(f.type(), f));
  }

  String print(@Nullable Object value) {
    if (value == null) {
      return ABSENT;
    }
    Form<?> form = forms.get(value.getClass());
    if (form != null) {
      return form.text(value);
    }
    return switch (value) {
      case Record record -> record(record);
      case String text -> Lexer.quoted(text);
      case List<?> list ->
          list.stream().map(this::print).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> Lexer.quoted(String.valueOf(e.getKey())) + ": " + print(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Enum<?> constant -> constant.name();
      default -> value.getClass().isArray() ? array(value) : value.toString();
    };
  }

  private String array(Object array) {
    int length = Array.getLength(array);
    if (length > SHOWN_ELEMENTS) {
      return "@" + pool.keep(array);
    }
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      elements.add(String.valueOf(Array.get(array, i)));
    }
    return "[" + String.join(", ", elements) + "]";
  }

  private String record(Record record) {
    List<String> fields = new ArrayList<>();
    for (RecordComponent each : record.getClass().getRecordComponents()) {
      fields.add(each.getName() + "=" + print(get(record, each)));
    }
    return record.getClass().getSimpleName()
        + (fields.isEmpty() ? "" : "(" + String.join(", ", fields) + ")");
  }

  private static @Nullable Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(component + " of " + record, e);
    }
  }

  /**
   * Reads a value.
   *
   * @throws UserError with the place, if the text does not say one
   */
  <T> T parse(Class<T> type, Cursor at) {
    Object value = value(type, at);
    if (value == null) {
      throw at.mistakeBefore("expected " + type.getSimpleName() + ", found none");
    }
    return type.cast(value);
  }

  private @Nullable Object value(Type type, Cursor at) {
    if (type instanceof ParameterizedType generic) {
      Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      return generic.getRawType() == List.class
          ? list(last, at)
          : map(generic.getRawType(), last, at);
    }
    Class<?> wanted = (Class<?>) type;
    if (!wanted.isPrimitive() && wanted != String.class && at.accept(ABSENT)) {
      return null;
    }
    Form<?> form = forms.get(wanted);
    if (form != null) {
      return form.parse().apply(at);
    } else if (wanted.isRecord()) {
      String name = at.word(wanted.getSimpleName());
      if (!name.equals(wanted.getSimpleName())) {
        throw at.mistakeBefore("expected " + wanted.getSimpleName() + ", found '" + name + "'");
      }
      return record(wanted, at);
    } else if (wanted.isSealed()) {
      return variant(wanted, at);
    } else if (wanted.isArray()) {
      return array(wanted.getComponentType(), at);
    } else if (wanted.isEnum()) {
      return constant(wanted, at);
    }
    return scalar(wanted, at);
  }

  private Object variant(Class<?> sealed, Cursor at) {
    String name = at.word("one of " + names(sealed));
    Optional<Class<?>> named =
        variants(sealed).filter(each -> each.getSimpleName().equals(name)).findFirst();
    if (named.isPresent()) {
      return record(named.get(), at);
    }
    throw at.mistakeBefore("'" + name + "' is none of " + names(sealed));
  }

  /** The records that a sealed interface permits, itself or through others. */
  private static Stream<Class<?>> variants(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(each -> each.isSealed() ? variants(each) : Stream.of(each));
  }

  private static String names(Class<?> sealed) {
    return variants(sealed).map(Class::getSimpleName).sorted().collect(Collectors.joining(", "));
  }

  private static Object constant(Class<?> type, Cursor at) {
    String name = at.word("one of " + Arrays.toString(type.getEnumConstants()));
    for (Object each : type.getEnumConstants()) {
      if (((Enum<?>) each).name().equals(name)) {
        return each;
      }
    }
    throw at.mistakeBefore("'" + name + "' is none of " + Arrays.toString(type.getEnumConstants()));
  }

  private Object record(Class<?> type, Cursor at) {
    RecordComponent[] components = type.getRecordComponents();
    Map<String, @Nullable Object> fields = new HashMap<>();
    if (components.length > 0) {
      at.expect("(");
      do {
        String name = at.word("a field of " + type.getSimpleName());
        RecordComponent component =
            Arrays.stream(components)
                .filter(c -> c.getName().equals(name))
                .findFirst()
                .orElseThrow(
                    () -> at.mistakeBefore(type.getSimpleName() + " has no field '" + name + "'"));
        at.expect("=");
        if (fields.containsKey(name)) {
          throw at.mistakeBefore("'" + name + "' is given twice");
        }
        fields.put(name, value(component.getGenericType(), at));
      } while (at.accept(","));
      at.expect(")");
    }
    for (RecordComponent each : components) {
      if (!fields.containsKey(each.getName())) {
        throw at.mistakeBefore(type.getSimpleName() + " needs the field '" + each.getName() + "'");
      }
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(components).map(c -> fields.get(c.getName())).toArray();
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw at.mistakeBefore("no " + type.getSimpleName() + ": " + e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.toString(), e);
    }
  }

  private List<Object> list(Type element, Cursor at) {
    List<Object> values = new ArrayList<>();
    at.expect("[");
    while (!at.accept("]")) {
      Object value = value(element, at);
      if (value == null) {
        throw at.mistakeBefore("a list has no absent elements");
      }
      values.add(value);
      if (!at.accept(",")) {
        at.expect("]");
        break;
      }
    }
    return List.copyOf(values);
  }

  private Map<String, Object> map(Type raw, Type element, Cursor at) {
    SortedMap<String, Object> values = new TreeMap<>();
    at.expect("{");
    while (!at.accept("}")) {
      String key = at.name("a name");
      at.expect(":");
      Object value = value(element, at);
      if (value == null || values.put(key, value) != null) {
        throw at.mistakeBefore("'" + key + "' needs one value");
      }
      if (!at.accept(",")) {
        at.expect("}");
        break;
      }
    }
    return raw == SortedMap.class ? values : Map.copyOf(values);
  }

  private Object array(Class<?> element, Cursor at) {
    if (at.atWord()) {
      String reference = at.word("an array");
      if (!reference.startsWith("@")) {
        throw at.mistakeBefore("expected an array, found '" + reference + "'");
      }
      return pool.array(reference.substring(1), element);
    }
    List<Object> values = list(element, at);
    Object array = Array.newInstance(element, values.size());
    for (int i = 0; i < values.size(); i++) {
      Array.set(array, i, values.get(i));
    }
    return array;
  }

  private static Object scalar(Class<?> type, Cursor at) {
    if (type == String.class) {
      return at.name("a string");
    }
    String word = at.word("a value");
    try {
      return switch (type.getSimpleName()) {
        case "int", "Integer" -> Integer.valueOf(word);
        case "long", "Long" -> Long.valueOf(word);
        case "short", "Short" -> Short.valueOf(word);
        case "byte", "Byte" -> Byte.valueOf(word);
        case "float", "Float" -> Float.valueOf(word);
        case "double", "Double" -> Double.valueOf(word);
        case "boolean", "Boolean" -> truth(word);
        default -> throw new IllegalStateException("no text for values of " + type);
      };
    } catch (NumberFormatException e) {
      throw at.mistakeBefore("'" + word + "' is no " + type.getSimpleName());
    }
  }

  private static boolean truth(String word) {
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new NumberFormatException(word);
    };
  }
}
