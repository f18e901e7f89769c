package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How what people write in a script becomes values. */
final class ScriptModule extends SimpleModule {
    private static final long serialVersionUID = 1L;
    private static final Pattern WORD_START = Pattern.compile("_(.)");

    ScriptModule() {
        text(Duration.class, Quantities::duration);
        text(Long.class, Quantities::bytes);
        text(Integer.class, ScriptModule::integer);
        text(Boolean.class, ScriptModule::flag);
        text(String.class, text -> text);
        text(Glob.class, Glob::new);
        text(Template.Text.class, Template.Text::of);
        text(AttemptRange.class, AttemptRange::parse);
        text(Match.Chance.class, Match.Chance::parse);
        text(Ending.Sized.class, Ending.Sized::parse);
        text(Faults.Times.class, Faults.Times::parse);
        text(MockScript.Seed.class, MockScript.Seed::parse);
        text(RuntimeClass.class, text -> choice(text, RuntimeClass.PLACED, RuntimeClass::label));
        text(Actor.class, text -> choice(text, List.of(Actor.values()), ScriptModule::camel));
        text(Progress.class, text -> choice(text, List.of(Progress.values()), ScriptModule::camel));
        text(Stream.class, text -> choice(text, List.of(Stream.values()), ScriptModule::camel));
        addDeserializer(Template.class, new TreeReader<>(Template.class, Template::of));
        addDeserializer(
                FileScript.Content.class,
                new TreeReader<>(FileScript.Content.class, FileScript.Content::of));
        setDeserializerModifier(new Parts());
    }

    private <T> void text(Class<T> type, Function<String, T> reader) {
        addDeserializer(type, new TextReader<>(type, reader));
    }

    /** What is described is a part of a script. */
    private static final class Parts extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyDeserializer(
                DeserializationConfig config,
                BeanDescription description,
                JsonDeserializer<?> reader) {
            String what = description.findClassDescription();
            return what == null ? reader : new PartReader(reader, what);
        }
    }

    static int integer(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "'%s' is not a whole number from 0 to 999999999".formatted(text));
        }
        return Integer.parseInt(text);
    }

    private static Boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "'%s' is neither true nor false".formatted(text));
        };
    }

    private static <E> E choice(String text, List<E> choices, Function<E, String> name) {
        List<String> names = choices.stream().map(name).toList();
        int index = names.indexOf(text);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "'%s' is none of %s%s"
                            .formatted(text, String.join(", ", names), Mistake.hint(text, names)));
        }
        return choices.get(index);
    }

    /** {@code MAY_HAVE_COMMITTED} is {@code mayHaveCommitted} in scripts. */
    static String camel(Enum<?> constant) {
        String lower = constant.name().toLowerCase(Locale.ROOT);
        return WORD_START
                .matcher(lower)
                .replaceAll(start -> start.group(1).toUpperCase(Locale.ROOT));
    }
}
