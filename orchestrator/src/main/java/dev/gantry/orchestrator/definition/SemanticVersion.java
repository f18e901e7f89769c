package dev.gantry.orchestrator.definition;

import java.math.BigInteger;
import java.util.List;

/**
 * The order of semantic versions: numbers by value, a pre-release before its release (semver.org
 * §11).
 */
record SemanticVersion(List<BigInteger> numbers, List<String> preRelease)
        implements Comparable<SemanticVersion> {

    static SemanticVersion of(String text) {
        String plain = text.split("\\+", 2)[0];
        String[] parts = plain.split("-", 2);
        return new SemanticVersion(
                List.of(parts[0].split("\\.", -1)).stream().map(BigInteger::new).toList(),
                parts.length == 1 ? List.of() : List.of(parts[1].split("\\.", -1)));
    }

    @Override
    public int compareTo(SemanticVersion other) {
        for (int i = 0; i < 3; i++) {
            int byNumber = numbers.get(i).compareTo(other.numbers.get(i));
            if (byNumber != 0) {
                return byNumber;
            }
        }
        if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
            return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
        }
        for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
            int byPart = compareParts(preRelease.get(i), other.preRelease.get(i));
            if (byPart != 0) {
                return byPart;
            }
        }
        return Integer.compare(preRelease.size(), other.preRelease.size());
    }

    private static int compareParts(String a, String b) {
        boolean aNumber = a.chars().allMatch(Character::isDigit);
        boolean bNumber = b.chars().allMatch(Character::isDigit);
        if (aNumber && bNumber) {
            return new BigInteger(a).compareTo(new BigInteger(b));
        }
        return aNumber == bNumber ? a.compareTo(b) : aNumber ? -1 : 1;
    }
}
