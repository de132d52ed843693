-- What computed layers held before: rows that changed or went away, from when until when.
CREATE TABLE layer_epoch (
  layer TEXT NOT NULL,
  at_utc TEXT NOT NULL,
  key_column TEXT NOT NULL,
  srs_id INTEGER,
  columns TEXT NOT NULL,
  PRIMARY KEY (layer, at_utc)
);
CREATE TABLE layer_state (
  state INTEGER NOT NULL PRIMARY KEY,
  at_utc TEXT NOT NULL
);
CREATE TABLE layer_since (
  layer TEXT NOT NULL,
  key TEXT NOT NULL,
  at_utc TEXT NOT NULL,
  PRIMARY KEY (layer, key)
);
CREATE TABLE layer_past (
  layer TEXT NOT NULL,
  key TEXT NOT NULL,
  began TEXT NOT NULL,
  ended TEXT,
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  shape BLOB,
  feature BLOB NOT NULL,
  PRIMARY KEY (layer, key, began)
);
CREATE INDEX layer_past_ended ON layer_past (layer, ended);
-- The keys that one change is about; empty between transactions.
CREATE TABLE layer_turn (
  key TEXT NOT NULL PRIMARY KEY
);

-- Layers that were there before anybody kept their past: theirs begins where they were written.
INSERT INTO layer_epoch
SELECT r.name, substr(c.last_change, 1, 23) || '000Z', r.key_column, r.srs_id,
  (SELECT json_group_array(json_array(k.name, k.kind)) FROM
    (SELECT name, kind FROM layer_column WHERE layer = r.name ORDER BY position) AS k)
FROM layer_register AS r JOIN gpkg_contents AS c ON c.table_name = r.name
WHERE r.name NOT LIKE 'network%' AND r.name <> 'areas';
INSERT INTO layer_state SELECT r.state, max(e.at_utc)
FROM layer_register AS r JOIN layer_epoch AS e ON e.layer = r.name GROUP BY r.state;
