package dev.gantry.orchestrator.cluster;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The nodes as the database has them. */
public final class JdbiNodeList implements Nodes {
    private final Node self;
    private final JdbiNodes nodes;

    public JdbiNodeList(Jdbi jdbi, Node self) {
        this.self = self;
        this.nodes = new JdbiNodes(jdbi);
    }

    @Override
    public Node self() {
        return self;
    }

    @Override
    public List<NodeView> list() {
        return nodes.list();
    }
}
