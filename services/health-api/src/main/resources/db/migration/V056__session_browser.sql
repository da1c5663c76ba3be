-- By which a member tells one of their sessions from another.
ALTER TABLE session ADD COLUMN browser text CHECK (length(browser) <= 60);
COMMENT ON COLUMN session.browser IS 'personal: browser and system at the sign-in, such as Firefox on Linux; nothing else of the user agent is kept';
