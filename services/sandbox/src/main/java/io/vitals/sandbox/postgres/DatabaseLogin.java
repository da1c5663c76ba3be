package io.vitals.sandbox.postgres;

/** A role that may log in. The text form hides the password. */
public record DatabaseLogin(String user, String password) {

    @Override
    public String toString() {
        return user + ":[secret]";
    }
}
