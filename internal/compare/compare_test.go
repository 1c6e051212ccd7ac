package compare_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

func parse(body string) compare.Deployment {
	const head = "---\ndate: 2026-03-01T10:00:00+00:00\nstatus: succeeded\n---\n\n# A deployment\n\n"
	return compare.Of(records.Parse("2026-03-01-10-00-deployment.md", []byte(head+body), records.Options{Location: time.UTC}))
}

// lines say what differs between the steps of two records.
func lines(s compare.Steps) (all []string) {
	pair := func(what string, pairs []compare.Pair) {
		for _, p := range pairs {
			all = append(all, fmt.Sprintf("%s %s %s → %s %s", what, p.Before.Key(), p.Before.State(), p.After.Key(), p.After.State()))
		}
	}
	pair("differs", s.Differ)
	pair("renamed", s.Renamed)
	pair("moved", s.Moved)
	for _, step := range s.New {
		all = append(all, "new "+step.Key())
	}
	for _, step := range s.Gone {
		all = append(all, "gone "+step.Key())
	}
	return all
}

func TestSteps(t *testing.T) {
	long := strings.Repeat("a", text.MaxSlug)
	keyOf := func(label string) string { return "a/" + text.WholeSlug(label) }
	for name, test := range map[string]struct {
		before, after string
		want          []string
	}{
		"the same":                      {"## A\n\n- ✅ **One**\n- ✅ **Two**\n", "## A\n\n- ✅ **One**: said otherwise\n- ✅ **Two**\n", nil},
		"alike in 60 bytes is not same": {"## A\n\n- ✅ **" + long + "one**\n", "## A\n\n- ✅ **" + long + "two**\n", []string{"new " + keyOf(long+"two"), "gone " + keyOf(long+"one")}},
		"renamed, by a key that was cut": {"## A\n\n- ✅ **" + long + "one**\n", "## A\n\n- ✅ **One** <!-- was: a/" + long + " -->\n",
			[]string{"renamed " + keyOf(long+"one") + " done → a/one done"}},
		"renamed, by one that two had": {"## A\n\n- ✅ **" + long + "one**\n- ✅ **" + long + "two**\n", "## A\n\n- ✅ **One** <!-- was: a/" + long + " -->\n",
			[]string{"new a/one", "gone " + keyOf(long+"one"), "gone " + keyOf(long+"two")}},
		"another state": {"## A\n\n- ✅ **One**\n- ✅ **Two**\n", "## A\n\n- ❌ **One**\n- ✅ **Two**\n", []string{"differs a/one done → a/one failed"}},
		"new and gone":  {"## A\n\n- ✅ **One**\n- ✅ **Two**\n", "## A\n\n- ✅ **Zero**\n- ✅ **Two**\n", []string{"new a/zero", "gone a/one"}},
		"alike is not same": {"## A\n\n- ✅ **Review plan**\n", "## A\n\n- ✅ **Review the plan**\n",
			[]string{"new a/review-the-plan", "gone a/review-plan"}},
		"renamed, as a comment says": {"## A\n\n- ✅ **Review plan**\n", "## A\n\n- ✅ **Read the plan** <!-- was: a/review-plan -->\n",
			[]string{"renamed a/review-plan done → a/read-the-plan done"}},
		"renamed twice, with a stamp": {"## A\n\n- ✅ **One**\n- ✅ **Two**\n",
			"## A\n\n- ✅ **Uno** <!-- was: a/eins --> <!-- was: a/one --> <!-- 2026-03-01T10:01:00Z Ada Park -->\n- ✅ **Two**\n",
			[]string{"renamed a/one done → a/uno done"}},
		"a comment in code says nothing": {"## A\n\n- ✅ **One**\n", "## A\n\n- ✅ **Uno**\n\n  ```\n  <!-- was: a/one -->\n  ```\n", []string{"new a/uno", "gone a/one"}},
		"its own name comes first": {"## A\n\n- ✅ **One**\n- ✅ **Two**\n", "## A\n\n- ✅ **Two** <!-- was: a/one -->\n",
			[]string{"gone a/one"}},
		"to another section": {"## A\n\n- ✅ **One**\n- ✅ **Two**\n\n## B\n\n- ✅ **Three**\n", "## A\n\n- ✅ **Two**\n\n## B\n\n- ✅ **Three**\n- ❌ **One**\n",
			[]string{"differs a/one done → b/one failed", "moved a/one done → b/one failed"}},
		"two of one label": {"## A\n\n- ✅ **Test**\n\n## B\n\n- ✅ **Test**\n\n## C\n\n- ✅ **X**\n", "## C\n\n- ✅ **X**\n- ✅ **Test**\n",
			[]string{"new c/test", "gone a/test", "gone b/test"}},
		"one key twice": {"## A\n\n- ✅ **Test**\n- ❌ **Test**\n", "## A\n\n- ✅ **Test**\n- ✅ **Test**\n- ✅ **Test**\n",
			[]string{"differs a/test failed → a/test done", "new a/test"}},
		"to the front": {"## A\n\n- ✅ **One**\n- ✅ **Two**\n- ✅ **Three**\n", "## A\n\n- ✅ **Three**\n- ✅ **One**\n- ✅ **Two**\n",
			[]string{"moved a/three done → a/three done"}},
		"a new one moves nothing": {"## A\n\n- ✅ **One**\n- ✅ **Two**\n", "## A\n\n- ✅ **Zero**\n- ✅ **One**\n- ✅ **Half**\n- ✅ **Two**\n", []string{"new a/zero", "new a/half"}},
		"no steps":                {"Nothing.\n", "## A\n\n- ✅ **One**\n", []string{"new a/one"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := compare.Deployments(parse(test.before), parse(test.after))
			if diff := cmp.Diff(test.want, lines(c.Steps)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Whatever the order: what is in both is counted once, and nothing twice.
func FuzzSteps(f *testing.F) {
	f.Add("abcd", "acbe")
	f.Add("aab", "abab")
	f.Fuzz(func(t *testing.T, before, after string) {
		list := func(names string) compare.Deployment {
			var b strings.Builder
			for _, c := range names[:min(len(names), 50)] {
				fmt.Fprintf(&b, "## S%d\n\n- ✅ **N%d**\n\n", c%3, c%7)
			}
			return parse(b.String())
		}
		x, y := list(before), list(after)
		s := compare.StepsBetween(x.Steps, y.Steps)
		if s.Shared+len(s.New) != len(y.Steps) || s.Shared+len(s.Gone) != len(x.Steps) {
			t.Errorf("%d shared, %d new of %d, %d gone of %d", s.Shared, len(s.New), len(y.Steps), len(s.Gone), len(x.Steps))
		}
		back := compare.StepsBetween(y.Steps, x.Steps)
		if back.Shared != s.Shared || len(back.Moved) != len(s.Moved) {
			t.Errorf("there %d shared and %d moved, back %d and %d", s.Shared, len(s.Moved), back.Shared, len(back.Moved))
		}
		if same := compare.StepsBetween(x.Steps, x.Steps); same.Layout() != 0 || len(same.Differ) != 0 {
			t.Errorf("a record differs from itself: %q", lines(same))
		}
	})
}

func TestUnderWay(t *testing.T) {
	before, after := parse("## A\n\n- ✅ **One**\n- ✅ **Two**\n"), parse("## A\n\n- ❌ **One**\n- [ ] **Two**\n")
	after.Status = records.InProgress
	if got := lines(compare.Deployments(before, after).Steps); len(got) != 1 || !strings.HasPrefix(got[0], "differs a/one") {
		t.Errorf("a step that nobody has come to yet differs: %q", got)
	}
}

func TestPhases(t *testing.T) {
	stamp := func(minute int) string { return fmt.Sprintf("<!-- 2026-03-01T10:%02d:00Z Ada Park -->", minute) }
	before := parse("## A\n\n- ✅ **One** " + stamp(5) + "\n\n## Old\n\n- ✅ **Two** " + stamp(7) + "\n")
	after := parse("## A\n\n- ✅ **One** " + stamp(12) + "\n\n## New\n\n- ✅ **Two** " + stamp(13) + "\n\n## Unmarked\n\n- ✅ **Three**\n")
	var got []string
	for _, p := range compare.Deployments(before, after).Phases {
		longer, ok := p.Longer()
		got = append(got, fmt.Sprint(p.Section, " ", p.Before != nil, " ", p.After != nil, " ", longer, " ", ok))
	}
	want := []string{"A true true 7m0s true", "New false true 0s false", "Old true false 0s false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The first mark came less than a minute after the start.
func TestUnderAMinute(t *testing.T) {
	before := parse("## A\n\n- ✅ **One** <!-- 2026-03-01T10:00:34Z Ada Park -->\n")
	after := parse("## A\n\n- ✅ **One**\n")
	r := compare.Report{Before: compare.Found{Deployment: before}, After: compare.Found{Deployment: after}, Comparison: compare.Deployments(before, after)}
	if got := r.Terminal(); !strings.Contains(got, "time of A: under 1 min → unknown\n") {
		t.Error(got)
	}
}

func TestRepeated(t *testing.T) {
	const issue = "## Issues Encountered\n\n### Issue #%d: %s\n\n- **Error**: %s\n- **Resolution**: %s\n"
	before := parse(fmt.Sprintf(issue, 1, "Migration stuck", "canceling statement due to lock timeout (pid 4711)", "stopped the nightly export"))
	after := parse(fmt.Sprintf(issue, 1, "Lock again", "ERROR: canceling statement due to lock timeout (pid 99)", "pending") +
		"\n### Issue #2: Certificate\n\n- **Error**: x509: certificate has expired\n")
	got := compare.Deployments(before, after).Repeated()
	if len(got) != 1 || got[0].After.Issue.Title != "Lock again" || got[0].Helped != "stopped the nightly export" {
		t.Errorf("%+v", got)
	}
}
