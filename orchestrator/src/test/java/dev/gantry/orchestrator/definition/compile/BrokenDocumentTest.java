package dev.gantry.orchestrator.definition.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.definition.document.Place;
import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A valid document, broken in one place: one to three messages, of which one is at that place. The
 * seed is {@code -Dgantry.seed}, and is said when it fails.
 */
class BrokenDocumentTest {
    private static final long SEED = Long.getLong("gantry.seed", 20261121L);
    private static final int ROUNDS = Integer.getInteger("gantry.rounds", 250);

    /** Knows everything but {@code missing}. */
    private static final Registry REGISTRY =
            new Registry() {
                @Override
                public Optional<DefinitionRef> find(
                        DefinitionKind kind,
                        String namespace,
                        String name,
                        @Nullable String version) {
                    return name.equals("missing")
                            ? Optional.empty()
                            : Optional.of(
                                    new DefinitionRef(
                                            kind,
                                            namespace,
                                            name,
                                            version == null ? "1.0.0" : version));
                }

                @Override
                public Collection<String> names(DefinitionKind kind) {
                    return List.of("billing/charge");
                }
            };

    private static List<Problem> problems(String text) {
        return DocumentCompiler.compile(SourceReader.read(text.getBytes(UTF_8)), REGISTRY)
                .problems();
    }

    @Test
    void acceptsWhatIsGenerated() {
        GeneratedDocuments documents = new GeneratedDocuments(new Random(SEED));
        for (int round = 0; round < ROUNDS; round++) {
            for (ObjectNode document : List.of(documents.workflow(), documents.function())) {
                for (boolean yaml : List.of(true, false)) {
                    String text = new WrittenDocument(document, yaml, Set.of()).text();

                    assertThat(problems(text)).as("seed %d:\n%s", SEED, text).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void pointsAtTheBrokenPlace(Breakage breakage) throws IOException {
        Random random = new Random(SEED);
        GeneratedDocuments generated = new GeneratedDocuments(random);
        List<ObjectNode> written = written();
        Set<String> wrong = new TreeSet<>();
        int broken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            ObjectNode document =
                    switch (random.nextInt(4)) {
                        case 0 -> generated.function();
                        case 1 -> written.get(random.nextInt(written.size()));
                        default -> generated.workflow();
                    };
            Breakage.Broken defect = breakage.in(document, random);
            if (defect == null) {
                continue;
            }
            broken++;
            WrittenDocument text =
                    new WrittenDocument(defect.document(), random.nextBoolean(), defect.twice());
            String complaint = complaint(problems(text.text()), defect.pointer(), text);
            if (!complaint.isEmpty()) {
                wrong.add(complaint);
            }
        }

        assertThat(broken).isPositive();
        assertThat(wrong).as("seed %d, %s", SEED, breakage).isEmpty();
    }

    private static String complaint(List<Problem> problems, String pointer, WrittenDocument text) {
        if (problems.isEmpty() || problems.size() > 3) {
            return "%s: %d messages: %s".formatted(pointer, problems.size(), shown(problems));
        }
        Optional<Problem> there =
                problems.stream().filter(p -> p.pointer().equals(pointer)).findFirst();
        if (there.isEmpty()) {
            return "%s: none points there: %s".formatted(pointer, shown(problems));
        }
        Place place = text.place(pointer);
        Problem problem = there.get();
        return problem.line() == place.line() && problem.column() == place.column()
                ? ""
                : "%s: %d:%d instead of %s"
                        .formatted(pointer, problem.line(), problem.column(), place);
    }

    private static List<String> shown(List<Problem> problems) {
        return problems.stream()
                .limit(6)
                .map(p -> p.code() + " " + p.pointer() + " " + p.message())
                .toList();
    }

    /** The project's examples, and those of the language where a folder of them is given. */
    private static List<ObjectNode> written() throws IOException {
        List<Path> folders = new ArrayList<>(List.of(Path.of("../examples")));
        String others = System.getProperty("gantry.ows.examples");
        if (others != null) {
            folders.add(Path.of(others));
        }
        List<ObjectNode> documents = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                    String text = Files.readString(file);
                    if (problems(text).isEmpty()) {
                        documents.add((ObjectNode) SourceReader.read(text.getBytes(UTF_8)).root());
                    }
                }
            }
        }
        assertThat(documents).hasSizeGreaterThan(15);
        return documents;
    }
}
