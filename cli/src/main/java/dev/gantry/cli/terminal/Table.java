package dev.gantry.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Aligned columns; the last one may be as long as it likes. */
public final class Table {
    private static final String GAP = "  ";

    private final Style style;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(Style style, String... headings) {
        this.style = style;
        if (headings.length > 0) {
            List<String> first = new ArrayList<>();
            for (String heading : headings) {
                first.add(style.dim(heading));
            }
            rows.add(first);
        }
    }

    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    public List<String> lines() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = Style.width(row.get(i));
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(row.get(i));
            if (i < row.size() - 1) {
                int missing = widths.get(i) - Style.width(row.get(i));
                line.append(" ".repeat(missing)).append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }

    public void print(Terminal terminal) {
        lines().forEach(terminal.out()::println);
        terminal.out().flush();
    }

    Style style() {
        return style;
    }
}
