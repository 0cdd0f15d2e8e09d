-- A delivered range grows with each checkpoint, and with it moved its entry in an index by `last_at`: a twentieth of all that a
-- commit writes. It begins once, and is a minute long at most.
DROP INDEX delivered_by_time;
CREATE INDEX delivered_by_begin ON delivered (first_at);
