package io.vitals.sandbox.issuer;

import java.util.List;
import java.util.Optional;

/**
 * Somebody who can sign in.
 *
 * @param subject the {@code sub} claim
 * @param groups roles in Vitals: member, admin, auditor
 */
public record Account(String subject, String name, List<String> groups) {
    public static final Account MIRA = new Account("mira", "Mira", List.of("member"));
    public static final Account JONAS = new Account("jonas", "Jonas", List.of("member"));
    public static final Account ADA = new Account("ada", "Ada", List.of("admin"));
    public static final Account OTTO = new Account("otto", "Otto", List.of("auditor"));

    /** The accounts of the sandbox, in the order of the login page. */
    public static final List<Account> SANDBOX = List.of(MIRA, JONAS, ADA, OTTO);

    static Optional<Account> bySubject(List<Account> accounts, String subject) {
        return accounts.stream()
                .filter(account -> account.subject().equals(subject))
                .findFirst();
    }
}
