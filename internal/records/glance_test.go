package records

import (
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
)

func TestGlance(t *testing.T) {
	for _, test := range []struct{ name, source, service, sure string }{
		{"plain", "---\ntitle: “x”\nservice: scores-api\n---\n", "scores-api", "yes"},
		{"an alias, CRLF and a byte order mark", "\ufeff---\r\nApp: scores-api \r\n---\r\n", "scores-api", "yes"},
		{"no such key", "---\ntitle: x\ntags:\n  - service\n- x: y\n---\n", "", "yes"},
		{"comments and blank lines", "---\n# service: old\nservice: scores-api\n\n# more\ntitle: x\n---\n", "scores-api", "yes"},
		{"in quotes", "---\nservice: \"scores-api\"\n---\n", "", "no"},
		{"a list", "---\nservice: [a, b]\n---\n", "", "no"},
		{"a list in a value", "---\nservice: a, b\n---\n", "", "no"},
		{"a list below", "---\nservice:\n- a\n---\n", "", "no"},
		{"a value of two lines", "---\nservice: scores\n\n  api\n---\n", "", "no"},
		{"a comment behind", "---\nservice: scores # api\n---\n", "", "no"},
		{"twice", "---\nservice: a\nproject: b\n---\n", "", "no"},
		{"nothing", "---\nservice: null\n---\n", "", "no"},
		{"not closed", "---\nservice: a\n", "", "no"},
		{"something odd", "---\n? service\n: a\n---\n", "", "no"},
		{"no front matter", "# Title\n\n- Service: a\n", "", "no"},
		{"TOML", "+++\nservice = \"a\"\n+++\n", "", "no"},
		{"empty", "", "", "no"},
	} {
		service, sure := Glance([]byte(test.source)).Value("service")
		if service != test.service || sure != (test.sure == "yes") {
			t.Errorf("%s: %q, sure: %v", test.name, service, sure)
		}
	}
	if status, ok := Glance([]byte("---\nstatus: Completed\n---\n")).Status(); !ok || status != Succeeded {
		t.Errorf("status %q, %v", status, ok)
	}
	if status, ok := Glance([]byte("---\ntitle: x\n---\n")).Status(); ok {
		t.Errorf("no status is %q", status)
	}
}

// Every label of a status ends with a word that is looked for without a parse.
func TestStatusLabels(t *testing.T) {
	for label, fact := range labels {
		if found := statusLabel().MatchString("- **" + strings.ToUpper(label) + "**: running"); found != (fact == factStatus) {
			t.Errorf("%s, a label of the %s, is found: %v", label, fact, found)
		}
	}
}

// FuzzGlance: what a glance is sure of is what a parse finds, unless the parse
// found an error.
func FuzzGlance(f *testing.F) {
	addRecords(f)
	f.Add([]byte("---\nservice: a\n\n b\nstatus: done\nenv: x - y\n---\n"))
	f.Add([]byte("---\nimported_id: a\n---\n\n- **Deployment Sta\u0301tus**: running\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		r := Parse(recordName1, source, Options{})
		for _, p := range r.Problems {
			if p.Severity == problem.Error {
				return
			}
		}
		g := Glance(source)
		compare := func(key string, parsed ...Text) {
			var front []string
			for _, text := range parsed {
				if text.From == FromFrontMatter {
					front = append(front, text.Value)
				}
			}
			if value, sure := g.Value(key); sure && strings.Join(front, "|") != value {
				t.Errorf("%s at a glance %q, parsed %q", key, value, front)
			}
		}
		compare("service", r.Services...)
		compare("environment", r.Environment)
		if status, ok := g.Status(); ok && status != r.Status {
			t.Errorf("status at a glance %s, parsed %s", status, r.Status)
		}
		if g.IsPast(source) && r.Status == InProgress && !r.IsPast(time.Time{}) {
			t.Errorf("past at a glance, parsed in progress because %v", r.StatusReason)
		}
	})
}
