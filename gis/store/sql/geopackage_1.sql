-- What a GeoPackage 1.3 must hold, and what the record keeps beside its layers.
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_extensions (
  table_name TEXT,
  column_name TEXT,
  extension_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT,
  f_table_schema TEXT,
  f_table_name TEXT,
  f_geometry_column TEXT,
  styleName TEXT,
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT,
  ui TEXT,
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);

-- The history: appended, never changed.
CREATE TABLE revision (
  seq INTEGER NOT NULL PRIMARY KEY,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  op TEXT NOT NULL,
  body TEXT NOT NULL,
  author TEXT NOT NULL,
  at_utc TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('human', 'import', 'offline', 'merge')),
  base_version INTEGER,
  op_id TEXT,
  op_hash TEXT,
  changeset TEXT,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  signature BLOB NOT NULL
);
CREATE UNIQUE INDEX revision_version ON revision (entity, entity_id, version);
CREATE UNIQUE INDEX revision_op_id ON revision (op_id) WHERE op_id IS NOT NULL;
CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;
CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
BEGIN SELECT RAISE(ABORT, 'the history is never cut'); END;
-- INSERT OR REPLACE deletes without asking the trigger above: only the next number may come.
CREATE TRIGGER revision_next_only BEFORE INSERT ON revision
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM revision)
  OR EXISTS (SELECT 1 FROM revision WHERE entity = NEW.entity AND entity_id = NEW.entity_id
             AND version = NEW.version)
  OR EXISTS (SELECT 1 FROM revision WHERE op_id = NEW.op_id)
BEGIN SELECT RAISE(ABORT, 'a revision is appended, never put in place of another'); END;

-- Files as they came, in pieces; what a reader made of them may be thrown away.
CREATE TABLE delivery_raw (
  delivery_id TEXT NOT NULL,
  piece INTEGER NOT NULL,
  packed INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (delivery_id, piece)
);
CREATE TRIGGER delivery_raw_no_update BEFORE UPDATE ON delivery_raw
BEGIN SELECT RAISE(ABORT, 'a delivery is never changed'); END;
CREATE TRIGGER delivery_raw_no_delete BEFORE DELETE ON delivery_raw
BEGIN SELECT RAISE(ABORT, 'a delivery is never dropped'); END;
CREATE TRIGGER delivery_raw_no_replace BEFORE INSERT ON delivery_raw
WHEN EXISTS (SELECT 1 FROM delivery_raw
             WHERE delivery_id = NEW.delivery_id AND piece = NEW.piece)
BEGIN SELECT RAISE(ABORT, 'a delivery is never replaced'); END;
CREATE TABLE delivery_blob (
  delivery_id TEXT NOT NULL,
  reader_version TEXT NOT NULL,
  name TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (delivery_id, reader_version, name)
);
CREATE TABLE lineage (
  number INTEGER NOT NULL PRIMARY KEY,
  old_id TEXT NOT NULL,
  new_id TEXT NOT NULL,
  relation TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  old_from_m DOUBLE NOT NULL,
  old_to_m DOUBLE NOT NULL,
  new_from_m DOUBLE NOT NULL,
  new_to_m DOUBLE NOT NULL,
  at_utc TEXT NOT NULL
);
CREATE INDEX lineage_old ON lineage (old_id);
CREATE INDEX lineage_new ON lineage (new_id);
CREATE TRIGGER lineage_no_update BEFORE UPDATE ON lineage
BEGIN SELECT RAISE(ABORT, 'the lineage is never changed'); END;
CREATE TRIGGER lineage_no_delete BEFORE DELETE ON lineage
BEGIN SELECT RAISE(ABORT, 'the lineage is never cut'); END;
CREATE TRIGGER lineage_no_replace BEFORE INSERT ON lineage
WHEN EXISTS (SELECT 1 FROM lineage WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the lineage is never replaced'); END;

-- Names, log-ins and tokens: outside the chain, so that a person can be forgotten.
CREATE TABLE person (
  author TEXT NOT NULL PRIMARY KEY,
  name TEXT UNIQUE,
  created_at TEXT NOT NULL
);
CREATE TABLE account (
  name TEXT NOT NULL PRIMARY KEY,
  author TEXT NOT NULL REFERENCES person (author),
  role TEXT NOT NULL,
  password_hash TEXT,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL
);
CREATE TABLE token (
  token_hash TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (name),
  scope TEXT NOT NULL,
  label TEXT NOT NULL,
  created_at TEXT NOT NULL,
  revoked_at TEXT
);

-- Settings, idempotency keys, and items that may be dropped again.
CREATE TABLE store_meta (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
CREATE TABLE idempotency (
  author TEXT NOT NULL,
  route TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  status INTEGER,
  answer BLOB,
  at_utc TEXT NOT NULL,
  PRIMARY KEY (author, route, idem_key)
);
CREATE TABLE item (
  shelf TEXT NOT NULL,
  key TEXT NOT NULL,
  meta TEXT NOT NULL,
  at_utc TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (shelf, key)
);

-- Which computed layers there are, and what their columns hold.
CREATE TABLE layer_register (
  name TEXT NOT NULL PRIMARY KEY,
  key_column TEXT NOT NULL,
  srs_id INTEGER,
  state INTEGER NOT NULL
);
CREATE TABLE layer_column (
  layer TEXT NOT NULL REFERENCES layer_register (name) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (layer, position)
);
