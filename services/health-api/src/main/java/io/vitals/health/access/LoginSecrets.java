package io.vitals.health.access;

/** What must come back, or be shown, when a browser returns from the issuer. */
record LoginSecrets(String nonce, String verifier) {
    @Override
    public String toString() {
        return "LoginSecrets[]";
    }
}
