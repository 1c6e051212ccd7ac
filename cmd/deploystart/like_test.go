package main

import (
	"os"
	"testing"

	"github.com/deploysite/deploysite/internal/store"
)

// TestLikeOfTheExample pastes errors, as they come the second time, into the
// example's history.
func TestLikeOfTheExample(t *testing.T) {
	m := wordMemory{store.Folder{FS: os.DirFS("../../examples/jump-man"), Dir: "deployments/checklists"}}
	for name, test := range map[string]struct{ text, want string }{
		"the message alone": {"x509: certificate has expired or is not yet valid: current time 2027-03-18T19:35:10Z is after 2027-03-18T18:52:00Z", "2025-03-18-20-00"},
		"in other words":    {"disk full on builder-2", "2025-03-04-20-30"},
		"other ids":         {"failed to copy: write /var/lib/docker/overlay2/9f33/merged/app/a.js: no space left on device", "2025-03-04-20-30"},
		"in a long log": {"2026-11-25T14:10:40Z INFO starting worker 12\n2026-11-25T14:10:41Z INFO connecting to postgres 10.0.0.12:5432\n" +
			"2026-11-25T14:10:52Z ERROR FATAL: sorry, too many clients already (SQLSTATE 53300)\n" +
			"    at Connection.parseE (/srv/app/node_modules/pg/lib/connection.js:614:13)\n    at Socket.emit (node:events:519:28)\n", "2025-11-27-20-00"},
		"another error":   {"panic: runtime error: index out of range [5] with length 5\ngoroutine 1 [running]:\nmain.main()\n", ""},
		"another program": {"Error: listen EADDRINUSE: address already in use 0.0.0.0:8080", ""},
		"one word":        {"error", ""},
		"numbers":         {"502 502 0x7f 2026-11-25", ""},
		"nothing":         {"", ""},
	} {
		found, err := m.like(t.Context(), test.text, "")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(found) > 0 {
			got = found[0].record.ID
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	found, err := m.like(t.Context(), "disk full on builder-2", "2025-03-04-20-30")
	if err != nil || len(found) > 0 && found[0].record.ID == "2025-03-04-20-30" {
		t.Errorf("the record itself is found: %v", err)
	}
}

func TestWordsOfErrors(t *testing.T) {
	for text, want := range map[string]int{
		"ERROR error Error": 1,
		"2024-08-31T14:30:00.123Z 10.0.0.12:5432 0xdeadbeef1": 0,
		"3f2c9ab0-c1d2-4e3f-8a5b-6c7d8e9f0a1b":                0,
		"feed the café":                                       3,
		"Ключ не найден":                                      3,
		"node1 node2":                                         1,
		"\xff\xfeab":                                          0,
	} {
		if got := errorWords([]byte(text)); len(got) != want {
			t.Errorf("%q has the words %v, want %d", text, got, want)
		}
	}
}
