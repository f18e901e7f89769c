package dev.gantry.adapter.localmock;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for names and JSON Pointers: {@code *} stands for any characters but a slash, {@code
 * **} for any characters, {@code ?} for one that is no slash.
 */
final class Glob {
    private final String text;
    private final @Nullable Pattern pattern;

    Glob(String text) {
        this.text = text;
        this.pattern = text.matches(".*[*?].*") ? Pattern.compile(regex(text)) : null;
    }

    boolean matches(String value) {
        return pattern == null ? text.equals(value) : pattern.matcher(value).matches();
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
