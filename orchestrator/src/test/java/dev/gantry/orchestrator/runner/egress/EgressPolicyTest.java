package dev.gantry.orchestrator.runner.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressPolicyTest {
    private static final String PUBLIC = "93.184.215.14";

    private static EgressPolicy policy(String... allow) {
        return new EgressPolicy(new EgressSettings(List.of(allow), null, List.of()), false);
    }

    private static EgressPolicy ports(List<String> allow, Integer... ports) {
        return new EgressPolicy(new EgressSettings(allow, null, List.of(ports)), false);
    }

    private static List<InetAddress> reach(EgressPolicy policy, String uri, String... addresses)
            throws EgressRefused {
        List<InetAddress> resolved =
                List.of(addresses).stream().map(InetAddress::ofLiteral).toList();
        return policy.reachable(policy.destination(URI.create(uri)), resolved);
    }

    private static void assertRefused(EgressPolicy policy, String uri, String... addresses) {
        assertThatThrownBy(() -> reach(policy, uri, addresses))
                .as("%s at %s", uri, List.of(addresses))
                .isInstanceOf(EgressRefused.class);
    }

    private static void assertReached(EgressPolicy policy, String uri, String... addresses) {
        assertThatCode(() -> reach(policy, uri, addresses))
                .as("%s at %s", uri, List.of(addresses))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "93.184.215.14",
                "8.8.8.8",
                "172.15.255.255",
                "172.32.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
                // A public address behind NAT64
                "64:ff9b::5db8:d70e",
            })
    void letsPublicAddressesThrough(String address) {
        assertReached(policy(), "https://api.example/", address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.0.1",
                "169.254.169.254",
                "169.254.170.2",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                "192.0.2.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2001:0:1::",
                "2001:db8::1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd00::1",
                "fd00:ec2::254",
                "ff02::1",
                "4000::1",
            })
    void refusesWhatIsNotPublic(String address) {
        assertRefused(policy(), "https://api.example/", address);
        String host = address.contains(":") ? "[" + address + "]" : address;
        assertRefused(policy(), "http://%s/".formatted(host), address);
    }

    @Test
    void looksIntoAddressesThatHoldAnother() throws UnknownHostException {
        byte[] nat64 = InetAddress.ofLiteral("64:ff9b::a00:1").getAddress();

        assertThat(Addresses.kind(InetAddress.getByAddress(nat64)))
                .isEqualTo(Addresses.Kind.PRIVATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.1/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://127.0.0.01/",
                "http://010.8.8.8/",
                "http://8.8.8/",
                "http://8.8.8.8.8/",
                "http://256.8.8.8/",
                "http://[fe80::1%25eth0]/",
                "http://1.2.3.4.0x5/",
            })
    void refusesAddressesInAmbiguousForms(String uri) {
        assertRefused(policy("0.0.0.0/0", "::/0"), uri, PUBLIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://api.example/",
                "file:///etc/passwd",
                "gopher://api.example/",
                "jar:http://api.example/!/",
                "//api.example/",
                "http:///path",
                "http://user:pass@api.example/",
                "http://api.example@127.0.0.1/",
                "http://api.example:0/",
                "http://api.example:70000/",
            })
    void refusesOtherSchemesAndOddAuthorities(String uri) {
        assertRefused(policy("127.0.0.1"), uri, PUBLIC);
    }

    @Test
    void takesTheNameAsTheResolverWould() throws EgressRefused {
        Destination to = policy().destination(URI.create("HTTPS://Api.Example./x"));

        assertThat(to).isEqualTo(new Destination(true, "api.example", 443, null));
    }

    @Test
    void keepsOnlyTheAddressesThatMayBeReached() throws EgressRefused {
        assertThat(reach(policy(), "http://mixed.example/", "10.0.0.1", PUBLIC))
                .containsExactly(InetAddress.ofLiteral(PUBLIC));
    }

    @Test
    void tellsTheReasonAndNotTheAddress() {
        assertThatThrownBy(() -> reach(policy(), "http://intranet.example:8080/", "10.1.2.3"))
                .hasMessageContaining("intranet.example:8080")
                .hasMessageContaining("private")
                .hasMessageContaining("gantry.egress.allow")
                .hasMessageNotContaining("10.1.2.3");
    }

    @Test
    void allowsBlocksAndAddressesWithOrWithoutAPort() {
        EgressPolicy policy = policy("10.1.0.0/16", "192.168.7.7:8080", "[fd00:1::/32]:443");

        assertReached(policy, "http://a.example:99/", "10.1.255.1");
        assertRefused(policy, "http://a.example:99/", "10.2.0.1");
        assertReached(policy, "http://192.168.7.7:8080/", "192.168.7.7");
        assertRefused(policy, "http://192.168.7.7:8081/", "192.168.7.7");
        assertReached(policy, "https://a.example/", "fd00:1::5");
        assertRefused(policy, "http://a.example/", "fd00:1::5");
        assertRefused(policy, "https://a.example/", "fd00:2::5");
    }

    @Test
    void allowsNamesAndAllBelowASuffix() {
        EgressPolicy policy = policy("billing.internal:8443", "*.svc.internal");

        assertReached(policy, "https://billing.internal:8443/", "10.0.0.1");
        assertRefused(policy, "https://billing.internal/", "10.0.0.1");
        assertRefused(policy, "https://x.billing.internal:8443/", "10.0.0.1");
        assertReached(policy, "http://a.b.SVC.internal/", "10.0.0.1");
        assertRefused(policy, "http://svc.internal/", "10.0.0.1");
        assertRefused(policy, "http://evilsvc.internal/", "10.0.0.1");
    }

    @Test
    void opensMetadataServicesOnlyByTheirExactAddress() {
        assertRefused(policy("169.254.0.0/16"), "http://169.254.169.254/", "169.254.169.254");
        assertRefused(policy("metadata.internal"), "http://metadata.internal/", "169.254.169.254");
        assertRefused(policy("::/0", "0.0.0.0/0"), "http://a.example/", "fd00:ec2::254");
        assertReached(policy("169.254.169.254"), "http://169.254.169.254/", "169.254.169.254");
        assertReached(policy("169.254.0.0/16"), "http://169.254.1.1/", "169.254.1.1");
    }

    @Test
    void letsDevelopmentReachThisMachineAndNothingElse() {
        EgressPolicy dev = new EgressPolicy(new EgressSettings(List.of(), null, List.of()), true);
        EgressPolicy strict =
                new EgressPolicy(new EgressSettings(List.of(), false, List.of()), true);

        assertReached(dev, "http://localhost:8080/", "127.0.0.1", "::1");
        assertRefused(dev, "http://nas.example/", "192.168.0.2");
        assertRefused(strict, "http://localhost:8080/", "127.0.0.1");
    }

    @Test
    void keepsToThePorts() {
        assertReached(ports(List.of(), 443), "https://api.example/", PUBLIC);
        assertRefused(ports(List.of(), 443), "http://api.example/", PUBLIC);
        assertRefused(ports(List.of(), 443), "http://%s:22/".formatted(PUBLIC), PUBLIC);
        assertReached(ports(List.of("10.0.0.1:22"), 443), "http://10.0.0.1:22/", "10.0.0.1");
        assertRefused(ports(List.of("10.0.0.1"), 443), "http://10.0.0.1:22/", "10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0/8",
                "10.0.0.1:99999",
                "10.0.0.1:0",
                "http://a.example",
                "*",
                "a.*.example",
                "",
                "[fd00::1",
                "fd00::/200",
                "0x7f.1",
            })
    void refusesEntriesThatItCannotRead(String entry) {
        assertThatThrownBy(() -> policy(entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gantry.egress.allow");
    }
}
