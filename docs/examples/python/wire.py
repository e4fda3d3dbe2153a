"""Confluent wire format over a schema registry: a zero byte, the schema id (4 bytes, big-endian), the Avro body."""
import io
import json
import struct
import urllib.parse
import urllib.request

import fastavro


class Wire:
    """Writes and reads the records of commerce-streams. Subjects are `<topic>-<full name of the record>`."""

    def __init__(self, registry_url):
        self._url = registry_url.rstrip("/")
        self._writers = {}
        self._readers = {}

    def encode(self, topic, full_name, value):
        subject = f"{topic}-{full_name}"
        if subject not in self._writers:
            found = self._get(f"/subjects/{urllib.parse.quote(subject, safe='')}/versions/latest")
            self._writers[subject] = (found["id"], fastavro.parse_schema(json.loads(found["schema"])))
        schema_id, schema = self._writers[subject]
        out = io.BytesIO()
        out.write(struct.pack(">bI", 0, schema_id))
        fastavro.schemaless_writer(out, schema, value)
        return out.getvalue()

    def decode(self, data):
        """The name of the record, without its namespace, and its fields."""
        magic, schema_id = struct.unpack(">bI", data[:5])
        if magic != 0:
            raise ValueError("not in Confluent wire format")
        if schema_id not in self._readers:
            found = self._get(f"/schemas/ids/{schema_id}")
            self._readers[schema_id] = fastavro.parse_schema(json.loads(found["schema"]))
        schema = self._readers[schema_id]
        return schema["name"].rsplit(".", 1)[-1], fastavro.schemaless_reader(io.BytesIO(data[5:]), schema)

    def _get(self, path):
        with urllib.request.urlopen(self._url + path, timeout=10) as answer:
            return json.load(answer)
