#!/usr/bin/env python3
"""The server as users have it: every path of docs/openapi.json is asked, and every answer is checked against it; the command's
options; `analyze` against the record's own schema. Skipped (77) where there is no model.

    python3 tests/server_test.py build/reportedly SOURCE
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

import jsonschema

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
SOURCE = pathlib.Path(sys.argv[2])
sys.path.insert(0, str(SOURCE / "tests/pages"))
import fixture  # noqa: E402

API = json.loads((SOURCE / "docs/openapi.json").read_text(encoding="utf-8"))
RECORD = json.loads((SOURCE / "docs/reportedly-1.schema.json").read_text(encoding="utf-8"))


def checked(path, method, status, kind, value):
    """None, or what is wrong with an answer."""
    responses = API["paths"][path][method]["responses"]
    if str(status) not in responses:
        return f"{method} {path} answers {status}, which is not described"
    response = responses[str(status)]
    if "$ref" in response:
        response = API["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    content = response.get("content", {})
    if kind is None:
        return None if not content else "no content"
    if kind not in content:
        return f"{method} {path} answers {kind}, which is not described"
    if "json" in kind and "ndjson" not in kind:
        schema = {**content[kind]["schema"], "components": API["components"]}
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(value))
        if errors:
            return f"{method} {path}: {errors[0].message[:300]} at {list(errors[0].absolute_path)}"
    return None


class Server(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.store = str(pathlib.Path(cls.folder.name) / "s.db")
        fixture.make(PROGRAM, cls.store)
        cls.child = subprocess.Popen([PROGRAM, "serve", "--store", cls.store, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        text = ""
        while "Ctrl-C" not in text:
            line = cls.child.stdout.readline()
            assert line, text
            text += line
        cls.base = re.search(r"(http://\S+)/open", text).group(1)
        cls.token = re.search(r"Bearer …\s+(\w+)", text).group(1)
        cls.asked = set()

    @classmethod
    def tearDownClass(cls):
        cls.child.terminate()
        assert cls.child.wait(timeout=10) == 0
        cls.child.stdout.close()
        cls.folder.cleanup()

    def ask(self, path, method="get", args=(), query=None, body=None, kind=None, token=True):
        """The answer's status and value, checked against the description."""
        address = path
        for arg in args:
            address = re.sub(r"\{\w+\}", urllib.parse.quote(str(arg), safe="").replace("\\", "%5C"), address, count=1)
        if query:
            address += "?" + urllib.parse.urlencode(query)
        request = urllib.request.Request(self.base + address, method=method.upper(), data=body)
        if token:
            request.add_header("Authorization", "Bearer " + self.token)
        if kind:
            request.add_header("Content-Type", kind)
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            data = answer.read().decode("utf-8")
            got = (answer.headers.get("Content-Type") or "").split(";")[0] or None
        value = json.loads(data) if got and "json" in got and "ndjson" not in got else data
        self.asked.add((path, method))
        self.assertIsNone(checked(path, method, answer.status, got if answer.status != 204 else None, value))
        return answer.status, value

    def test_every_path(self):
        v1 = "/api/v1/"
        for name in ("status", "scheme", "runs"):
            self.assertEqual(self.ask(v1 + name)[0], 200)
        for name in ("search", "facets", "events", "actors", "claims", "disputes", "story-events", "timeline", "network", "places"):
            with self.subTest(name):
                status, value = self.ask(v1 + name)
                self.assertEqual(status, 200)
                self.assertGreater(len(value["rows"]), 0, name)
                self.assertEqual(self.ask(v1 + name, query={"format": "csv"})[0], 200)
                self.assertEqual(self.ask(v1 + name, query={"actor": "NOR", "status": "happened", "from": "2031-05-01", "limit": 2})[0], 200)
                self.assertEqual(self.ask(v1 + name, query={"limit": 0})[0], 400)
                self.assertEqual(self.ask(v1 + name, token=False)[0], 401)
        self.assertEqual(self.ask(v1 + "search", query={"q": "attacked", "speaker": "ISL"})[0], 200)
        self.assertEqual(self.ask(v1 + "runs/{run}", args=[1])[0], 200)
        self.assertEqual(self.ask(v1 + "runs/{run}", args=[7])[0], 404)
        for document in [a["id"] for a in fixture.ARTICLES]:
            self.assertEqual(self.ask(v1 + "documents/{id}", args=[document])[1]["document"]["id"], document)
            record = self.ask(v1 + "documents/{id}/record", args=[document])[1]
            jsonschema.validate(record, RECORD)
        self.assertEqual(self.ask(v1 + "documents/{id}", args=["none"])[0], 404)
        status, text = self.ask(v1 + "documents/{id}/explain/{what}", args=["wire-1", "v2"])
        self.assertEqual(status, 200)
        self.assertIn("considered and not taken", text)
        dispute = self.ask(v1 + "disputes")[1]["rows"][0]["dispute"]
        matrix = self.ask(v1 + "disputes/{id}", args=[dispute])[1]
        self.assertGreaterEqual(len(matrix["positions"]), 2)
        story = matrix["dispute"]["story_event"]
        self.assertGreaterEqual(len(self.ask(v1 + "story-events/{id}", args=[story])[1]["members"]), 3)
        for layer in ("event", "attribution"):
            self.assertGreater(len(self.ask(v1 + "review", query={"layer": layer})[1]["rows"]), 0)
        body = json.dumps({"document": "wire-1", "target": "v2", "action": "correct", "value": {"place": "Höfn"}, "note": "said before"}).encode()
        status, made = self.ask(v1 + "corrections", "post", body=body, kind="application/json")
        self.assertEqual(status, 201)
        self.assertEqual(self.ask(v1 + "corrections", "post", body=b"[]", kind="application/json")[0], 400)
        self.assertEqual(len(self.ask(v1 + "corrections")[1]["rows"]), 1)
        lines = self.ask(v1 + "corrections", query={"format": "jsonl"})[1]
        self.assertEqual(json.loads(lines)["value"], {"place": "Höfn"})
        self.assertEqual(self.ask(v1 + "corrections/{number}", "delete", args=[made["correction"]])[0], 204)
        self.assertEqual(self.ask(v1 + "corrections/{number}", "delete", args=[made["correction"]])[0], 404)
        text = "Norway’s foreign ministry denied on Friday that its navy had attacked Icelandic fishing boats."
        status, record = self.ask(v1 + "analyze", "post", query={"published": "2031-05-05"}, body=text.encode(), kind="text/plain")
        jsonschema.validate(record, RECORD)
        self.assertEqual(record["events"][0]["status"], "denied")
        record = self.ask(v1 + "analyze", "post", body=json.dumps({"id": "x", "text": text}).encode(), kind="application/json")[1]
        self.assertEqual(record["document"]["id"], "x")
        self.assertEqual(self.ask(v1 + "analyze", "post", body=b"", kind="text/plain")[0], 400)
        missing = {(p, m) for p, methods in API["paths"].items() for m in methods} - self.asked
        self.assertEqual(missing, set(), "described and never asked")

    def test_the_description_is_served(self):
        with urllib.request.urlopen(self.base + "/openapi.json", timeout=10) as answer:
            self.assertEqual(json.load(answer), API)

    def test_what_is_shown_is_what_is_exported(self):
        rows = self.ask("/api/v1/events", query={"status": "denied"})[1]["rows"]
        csv = self.ask("/api/v1/events", query={"status": "denied", "format": "csv"})[1]
        listed = subprocess.run([PROGRAM, "events", "--status", "denied", "--format", "csv", "--store", self.store], capture_output=True, text=True, check=True).stdout
        self.assertEqual(csv.replace("\r\n", "\n"), listed.replace("\r\n", "\n"))
        self.assertEqual(len(rows) + 1, len(listed.strip().splitlines()))

    def test_command(self):
        def serve(*more):
            return subprocess.run([PROGRAM, "serve", "--store", self.store, "--no-model", *more], capture_output=True, text=True, timeout=20, check=False)

        folder = pathlib.Path(self.folder.name)
        port = self.base.rsplit(":", 1)[1]
        self.assertIn("in use", serve("--port", port).stderr)
        run = serve("--host", "0.0.0.0", "--port", "0")
        self.assertEqual(run.returncode, 2)
        self.assertIn("--allow-remote", run.stderr)
        self.assertEqual(serve("--host", "0.0.0.0", "--allow-remote", "--port", "0").returncode, 2)
        token = folder / "token"
        token.write_text("a" * 64 + "\n")
        token.chmod(0o644)
        run = serve("--token-file", str(token), "--port", "0")
        self.assertEqual(run.returncode, 2)
        self.assertIn("chmod 600", run.stderr)
        token.chmod(0o600)
        token.write_text("short\n")
        self.assertEqual(serve("--token-file", str(token), "--port", "0").returncode, 2)
        missing = subprocess.run([PROGRAM, "serve", "--store", str(folder / "none.db"), "--no-model"], capture_output=True, text=True, check=False)
        self.assertEqual(missing.returncode, 4)


if __name__ == "__main__":
    if not list((SOURCE / "models").glob("*.bin")):
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], "-v"])
