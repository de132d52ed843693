-- What the record keeps, in a schema of its own; computed layers come and go beside it.
-- The history: appended, never changed.
CREATE TABLE revision (
  seq BIGINT NOT NULL PRIMARY KEY,
  entity TEXT COLLATE "C" NOT NULL,
  entity_id TEXT COLLATE "C" NOT NULL,
  version INTEGER NOT NULL,
  op TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  author TEXT COLLATE "C" NOT NULL,
  at_utc TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL CHECK (source IN ('human', 'import', 'offline', 'merge')),
  base_version INTEGER,
  op_id TEXT COLLATE "C",
  op_hash TEXT COLLATE "C",
  changeset TEXT COLLATE "C",
  prev_hash TEXT COLLATE "C" NOT NULL,
  hash TEXT COLLATE "C" NOT NULL,
  signature BYTEA NOT NULL
);
CREATE UNIQUE INDEX revision_version ON revision (entity, entity_id, version);
CREATE UNIQUE INDEX revision_op_id ON revision (op_id) WHERE op_id IS NOT NULL;

-- Files as they came, in pieces; what a reader made of them may be thrown away.
CREATE TABLE delivery_raw (
  delivery_id TEXT COLLATE "C" NOT NULL,
  piece INTEGER NOT NULL,
  packed INTEGER NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (delivery_id, piece)
);
CREATE TABLE delivery_blob (
  delivery_id TEXT COLLATE "C" NOT NULL,
  reader_version TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (delivery_id, reader_version, name)
);
CREATE TABLE lineage (
  number BIGINT NOT NULL PRIMARY KEY,
  old_id TEXT COLLATE "C" NOT NULL,
  new_id TEXT COLLATE "C" NOT NULL,
  relation TEXT COLLATE "C" NOT NULL,
  delivery_id TEXT COLLATE "C" NOT NULL,
  old_from_m DOUBLE PRECISION NOT NULL,
  old_to_m DOUBLE PRECISION NOT NULL,
  new_from_m DOUBLE PRECISION NOT NULL,
  new_to_m DOUBLE PRECISION NOT NULL,
  at_utc TEXT COLLATE "C" NOT NULL
);
CREATE INDEX lineage_old ON lineage (old_id);
CREATE INDEX lineage_new ON lineage (new_id);

-- Names, log-ins and tokens: outside the chain, so that a person can be forgotten.
CREATE TABLE person (
  author TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" UNIQUE,
  created_at TEXT COLLATE "C" NOT NULL
);
CREATE TABLE account (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  author TEXT COLLATE "C" NOT NULL REFERENCES person (author),
  role TEXT COLLATE "C" NOT NULL,
  password_hash TEXT COLLATE "C",
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at TEXT COLLATE "C" NOT NULL
);
CREATE TABLE token (
  token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  account TEXT COLLATE "C" NOT NULL REFERENCES account (name),
  scope TEXT COLLATE "C" NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  created_at TEXT COLLATE "C" NOT NULL,
  revoked_at TEXT COLLATE "C"
);

-- Settings, idempotency keys, and items that may be dropped again.
CREATE TABLE store_meta (
  key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);
CREATE TABLE idempotency (
  author TEXT COLLATE "C" NOT NULL,
  route TEXT COLLATE "C" NOT NULL,
  idem_key TEXT COLLATE "C" NOT NULL,
  body_sha256 TEXT COLLATE "C" NOT NULL,
  status INTEGER,
  answer BYTEA,
  at_utc TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (author, route, idem_key)
);
CREATE TABLE item (
  shelf TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  meta TEXT COLLATE "C" NOT NULL,
  at_utc TEXT COLLATE "C" NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (shelf, key)
);

-- Which computed layers there are, and what their columns hold.
CREATE TABLE layer_register (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  key_column TEXT COLLATE "C" NOT NULL,
  srs_id INTEGER,
  state BIGINT NOT NULL
);
CREATE TABLE layer_column (
  layer TEXT COLLATE "C" NOT NULL REFERENCES layer_register (name) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (layer, position)
);

-- What computed layers held before: rows that changed or went away, from when until when.
CREATE TABLE layer_epoch (
  layer TEXT COLLATE "C" NOT NULL,
  at_utc TEXT COLLATE "C" NOT NULL,
  key_column TEXT COLLATE "C" NOT NULL,
  srs_id INTEGER,
  columns TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (layer, at_utc)
);
CREATE TABLE layer_state (
  state BIGINT NOT NULL PRIMARY KEY,
  at_utc TEXT COLLATE "C" NOT NULL
);
CREATE TABLE layer_since (
  layer TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  at_utc TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (layer, key)
);
CREATE TABLE layer_past (
  layer TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  began TEXT COLLATE "C" NOT NULL,
  ended TEXT COLLATE "C",
  min_x DOUBLE PRECISION,
  min_y DOUBLE PRECISION,
  max_x DOUBLE PRECISION,
  max_y DOUBLE PRECISION,
  shape BYTEA,
  feature BYTEA NOT NULL,
  PRIMARY KEY (layer, key, began)
);
CREATE INDEX layer_past_ended ON layer_past (layer, ended);
-- The keys that one change is about; empty between transactions.
CREATE TABLE layer_turn (
  key TEXT COLLATE "C" NOT NULL PRIMARY KEY
);


-- What is appended is never changed, cut or emptied, whoever asks.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never changed or cut', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM revision) THEN
    RAISE EXCEPTION 'a revision is appended, never put elsewhere'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER revision_no_change BEFORE UPDATE OR DELETE ON revision
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON revision
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER revision_next_only BEFORE INSERT ON revision
  FOR EACH ROW EXECUTE FUNCTION refuse_gap();
CREATE TRIGGER delivery_raw_no_change BEFORE UPDATE OR DELETE ON delivery_raw
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_raw_no_truncate BEFORE TRUNCATE ON delivery_raw
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lineage_no_change BEFORE UPDATE OR DELETE ON lineage
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lineage_no_truncate BEFORE TRUNCATE ON lineage
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TABLE layer_style (
  layer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  qml TEXT NOT NULL
);
