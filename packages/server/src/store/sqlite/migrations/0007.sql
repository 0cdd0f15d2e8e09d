-- What an account may do, in unix seconds: muted everywhere until then (tencent-rest-user D7), and the moment before which its
-- UserSigs count no more (C3.5).
ALTER TABLE account ADD COLUMN c2c_mute_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN group_mute_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN sigs_from INTEGER NOT NULL DEFAULT 0;
