package dev.gantry.acceptance.tidy;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Rules that need the syntax tree of a Java file. */
final class JavaRules extends TreeScanner<@Nullable Void, @Nullable Void> {

    static final int LONGEST_METHOD_LINES = 60;

    /** Where printing is the point. */
    private static final Set<String> PRINTING_PLACES =
            Set.of(
                    "cli/",
                    "benchmarks/",
                    "orchestrator/src/main/java/dev/gantry/orchestrator/Terminal.java");

    private static final Pattern HOLLOW_NAME =
            Pattern.compile(".*(Manager|Helper|Util)s?(?![a-z]).*");

    private final String path;
    private final boolean mayPrint;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Deque<String> types = new ArrayDeque<>();
    private final List<Finding> findings = new ArrayList<>();

    private JavaRules(CompilationUnitTree unit, SourcePositions positions) {
        this.path = unit.getSourceFile().getName();
        this.mayPrint = PRINTING_PLACES.stream().anyMatch(path::startsWith);
        this.unit = unit;
        this.positions = positions;
    }

    /** Takes all files at once: setting up the compiler costs more than parsing a file. */
    static List<Finding> check(List<SourceFile> files) throws IOException {
        var sources = files.stream().filter(SourceFile::isJava).map(InMemory::new).toList();
        var task =
                (JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(
                                        null,
                                        null,
                                        new DiagnosticCollector<>(),
                                        List.of("-proc:none"),
                                        null,
                                        sources);
        var positions = Trees.instance(task).getSourcePositions();
        var findings = new ArrayList<Finding>();
        for (var unit : task.parse()) {
            var rules = new JavaRules(unit, positions);
            rules.scan(unit, null);
            findings.addAll(rules.findings);
        }
        return findings;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
        var name = type.getSimpleName().toString();
        if (HOLLOW_NAME.matcher(name).matches()) {
            add(type, "'%s' says nothing: name what it is or does".formatted(name));
        }
        types.addLast(name);
        for (var member : type.getMembers()) {
            if (member instanceof BlockTree) {
                checkLength(member, "initializer");
            }
        }
        super.visitClass(type, null);
        types.removeLast();
        return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
        checkLength(method, method.getName().toString());
        return super.visitMethod(method, null);
    }

    @Override
    public @Nullable Void visitMemberSelect(MemberSelectTree select, @Nullable Void nothing) {
        var member = select.getIdentifier().toString();
        boolean prints =
                member.equals("printStackTrace")
                        || (select.getExpression() instanceof IdentifierTree owner
                                && owner.getName().contentEquals("System")
                                && (member.equals("out") || member.equals("err")));
        if (prints && !mayPrint) {
            add(select, member + ": log it; only " + PRINTING_PLACES + " print");
        }
        return super.visitMemberSelect(select, null);
    }

    private void checkLength(Tree member, String name) {
        int first = line(positions.getStartPosition(unit, member));
        int last = line(positions.getEndPosition(unit, member));
        int lines = last - first + 1;
        if (lines > LONGEST_METHOD_LINES) {
            var subject = "%s#%s.%s".formatted(path, String.join(".", types), name);
            findings.add(Finding.tooLong(path, first, subject, lines, LONGEST_METHOD_LINES));
        }
    }

    private void add(Tree where, String message) {
        findings.add(Finding.at(path, line(positions.getStartPosition(unit, where)), message));
    }

    private int line(long position) {
        return position < 0 ? 1 : (int) unit.getLineMap().getLineNumber(position);
    }

    private static final class InMemory extends SimpleJavaFileObject {

        private final SourceFile file;

        InMemory(SourceFile file) {
            super(Path.of(file.path()).toUri(), JavaFileObject.Kind.SOURCE);
            this.file = file;
        }

        @Override
        public String getName() {
            return file.path();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return file.text();
        }
    }
}
