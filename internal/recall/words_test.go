package recall

import (
	"slices"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"ERROR error Error": "error 1",
		"2024-08-31T14:30:00.123Z 10.0.0.12:5432 0xdeadbeef1": "",
		"3f2c9ab0-c1d2-4e3f-8a5b-6c7d8e9f0a1b":                "",
		"feed the café":                                       "café 4, feed 4, the 1",
		"Ключ не найден":                                      "ключ 4, найден 6, не 2",
		"node1 node2 lock":                                    "lock 4, node 4",
		"E11000 duplicate":                                    "duplicate 8, e11000 6",
		"write /var/lib/x.db to www.example.org":              "db 1, example 1, lib 1, org 1, to 1, var 1, write 4, www 1",
		`column "vat_code" in 'a b'`:                          "code 1, column 6, in 1, vat 1",
		"証明書の期限":                                              "の期 3, 明書 3, 書の 3, 期限 3, 証明 3",
		"\xff\xfeab":                                          "ab 2",
	} {
		var got []string
		for word, told := range wordsOf(text) {
			got = append(got, word+" "+string(rune('0'+told)))
		}
		slices.Sort(got)
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	}
}

func TestRemedy(t *testing.T) {
	for line, want := range map[string]string{
		"Resolution: stopped the report":                                      "stopped the report",
		"The disk was full. Fixed by removing images":                         "removing images",
		"Solved with port 587":                                                "port 587",
		"What helped: asking Ada":                                             "asking Ada",
		"Lösung: alte Sicherungen gelöscht":                                   "alte Sicherungen gelöscht",
		"対応：証明書を再発行した":                                                        "証明書を再発行した",
		"Resolution: open port 5432":                                          "open port 5432",
		"Resolution: no restart, a reload is enough":                          "no restart, a reload is enough",
		"Resolution: not in this record. I have no account at the authority.": "",
		"Resolution: none tonight":                                            "",
		"Resolution: open":                                                    "",
		"Resolution: [PENDING]":                                               "",
		"Resolution: -":                                                       "",
		"Fix: still unknown":                                                  "",
		"対応: なし":                                                              "",
		"a prefix: value":                                                     "",
		"the suffix is wrong":                                                 "",
	} {
		if got := Remedy(line); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	lines := []string{"Resolution", "none", "it broke", "and again", "Resolution", "restarted it", "Fix: another"}
	if got := remedyIn(lines, 2); got != "restarted it" {
		t.Errorf("the nearest remedy is %q", got)
	}
}

// One character is of such a script or not, whoever asks.
func TestDenseRanges(t *testing.T) {
	for r := rune(0); r <= 0x40000; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		if IsDense(r) != isDense(string(r)) {
			t.Fatalf("%U: %v", r, IsDense(r))
		}
	}
}

// What helped is what a label of its own says, or a line, however it is written.
func TestHelped(t *testing.T) {
	for body, want := range map[string]string{
		"### Issue #1: red\n\n- **Resolution**: restarted it\n":                         "red | restarted it",
		"### Issue #1: red\n\n- *Resolution:* restarted it\n":                           "red | restarted it",
		"- The disk was full\n  - *Resolution:* removed old images\n":                   "The disk was full | removed old images",
		"- The disk was full. Fixed by removing old images\n":                           "The disk was full. | removing old images",
		"- Fixed by removing old images\n":                                              "Fixed by removing old images | ",
		"### Issue #1: red\n\n- **Resolution**: none yet\n":                             "red | ",
		"- The disk was full\n  - *Resolution:* not known\n":                            "The disk was full | ",
		"- The suffix is wrong\n":                                                       "The suffix is wrong | ",
		"### Issue #1: red\n\n- **Phase**: tests\n- **Impact**: the fix took a night\n": "red | ",
	} {
		r := records.Parse("a.md", []byte("# A\n\n## Issues Encountered\n\n"+body), records.Options{})
		if len(r.Notes) != 1 {
			t.Fatalf("%q has %d notes", body, len(r.Notes))
		}
		what, helped := InShort(&r.Notes[0])
		if got := what + " | " + helped; got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}
