package records_test

import (
	"bytes"
	"testing"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
)

// mend mends all that can be, and returns what was mended.
func mend(t *testing.T, source []byte) (after *records.Record, done []problem.Problem) {
	t.Helper()
	before := records.Parse("2024-08-31-14-30-deployment.md", source, records.Options{})
	after, err := records.Mend(func(problem.Rule, int) bool { return true }, func(p problem.Problem) { done = append(done, p) })(before)
	if err != nil {
		t.Fatal(err)
	}
	return after, done
}

func TestMend(t *testing.T) {
	for _, test := range []struct{ name, before, after string }{
		{"a letter wrong", "---\nenviroment: test\n---\n", "---\nenvironment: test\n---\n"},
		{"two letters swapped, CRLF, TOML", "+++\r\nservcie = 'shop'\r\n+++\r\n", "+++\r\nservice = 'shop'\r\n+++\r\n"},
		{"another case", "---\nDeploer: Ada\n---\n", "---\ndeployer: Ada\n---\n"},
		{"more than one, with a comment", "---\nversoin: 1.10 # ten\nbrnach: main\n---\n", "---\nversion: 1.10 # ten\nbranch: main\n---\n"},
		{"an alias", "---\nfinishd_at: 2024-08-31T15:00:00Z\nstatus: failed\n---\n", "---\nfinished_at: 2024-08-31T15:00:00Z\nstatus: failed\n---\n"},
		{"the outcome would change", "---\nstauts: failed\n---\n", ""},
		{"many", "---\nversions: 1\nbranches: 2\n---\n", ""},
		{"numbered", "---\nservice2: shop\n---\n", ""},
		{"set already", "---\nenviroment: a\nenv: b\n---\n", ""},
		{"not of its kind", "---\nversoin: [1, 2]\nbrnach: {a: b}\n---\n", ""},
		{"two letters wrong", "---\nenvirnmet: a\n---\n", ""},
		{"round boxes", "---\nstatus: failed\n---\n\n- (x) a\n- ( ) b\n  - c\n- （✓） d\n", "---\nstatus: failed\n---\n\n- [x] a\n- [ ] b\n  - c\n- [x] d\n"},
		{"curly boxes", "---\nstatus: failed\n---\n\n* {x} a\n* { } b\n", "---\nstatus: failed\n---\n\n* [x] a\n* [ ] b\n"},
		{"the outcome would be another", "- [x] a\n- ( ) b\n\n## Metrics\n\n- End Time: 15:00\n", ""},
		{"of unclear meaning", "---\nstatus: failed\n---\n\n- () a\n- [done] b\n- (✗) c\n", ""},
		{"in code and text", "---\nstatus: failed\n---\n\n(x) a\n\n```\n- (x) b\n```\n", ""},
		{"imported", "---\nenviroment: test\nimported_id: a-1\nstatus: failed\n---\n\n- (x) a\n", "---\nenvironment: test\nimported_id: a-1\nstatus: failed\n---\n\n- (x) a\n"},
	} {
		if test.after == "" {
			test.after = test.before
		}
		after, done := mend(t, []byte(test.before))
		if string(after.Source) != test.after {
			t.Errorf("%s: %q, want %q", test.name, after.Source, test.after)
		}
		if (len(done) == 0) != (test.after == test.before) {
			t.Errorf("%s: %d mended", test.name, len(done))
		}
	}
}

// FuzzMend: a second time changes nothing, and no problem is new.
func FuzzMend(f *testing.F) {
	f.Add([]byte("---\nenviroment: test\n---\n\n- (x) a\n- ( ) b\n"))
	f.Add([]byte("+++\nservcie = 1\n+++\n* {x} a\n"))
	f.Add([]byte("---\n\"versoin\": &a 1\nbrnach: *a\n---\n- (x)(y)\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		if len(source) > 4<<10 {
			t.Skip()
		}
		once, done := mend(t, source)
		if len(done) == 0 && !bytes.Equal(once.Source, source) {
			t.Errorf("changed without a word: %q", source)
		}
		if twice, again := mend(t, once.Source); len(again) > 0 || !bytes.Equal(twice.Source, once.Source) {
			t.Errorf("mended again: %q", source)
		}
		before := records.Parse("2024-08-31-14-30-deployment.md", source, records.Options{})
		if len(once.Problems)+len(done) > len(before.Problems) {
			t.Errorf("%d problems, then %d: %q", len(before.Problems), len(once.Problems), source)
		}
	})
}
