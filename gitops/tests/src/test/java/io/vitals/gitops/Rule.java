package io.vitals.gitops;

/** Something that must hold of the whole desired state. */
@FunctionalInterface
public interface Rule {
    void judge(Tree tree, Findings findings);
}
