package metrics

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/records"
)

// history makes deployments of front matters, oldest first, and returns them newest
// first. A deployment is of web to production unless it says something else.
func history(t *testing.T, fronts ...string) []*Deployment {
	t.Helper()
	byID := map[string]*Deployment{}
	var all []*Deployment
	for i, front := range fronts {
		front, body, _ := strings.Cut(front, "\n# ")
		for _, key := range []string{"environment: production", "service: web"} {
			if name, _, _ := strings.Cut(key, ":"); !strings.Contains(front, name+":") {
				front += "\n" + key
			}
		}
		r := records.Parse(fmt.Sprintf("r%d-deployment.md", i+1), []byte("---\n"+front+"\n---\n# "+body+"\n"), records.Options{Location: time.UTC})
		r.ID = fmt.Sprint("r", i+1)
		for _, p := range r.Problems {
			if p.Rule != "no-start" && p.Rule != "bad-name" {
				t.Fatal(p)
			}
		}
		d := &Deployment{Record: r, Services: records.Values(r.Services)}
		for _, name := range records.Values(r.Environments) {
			if d.Elsewhere = name == "staging"; !d.Elsewhere {
				d.Environments = append(d.Environments, name)
			}
		}
		d.Hotfix = slices.Contains(records.Values(r.Tags), "hotfix")
		d.Undoes, d.Repairs = byID[r.RollbackOf.Value], byID[r.Fixes.Value]
		for _, s := range r.Steps {
			if s.State == records.StepFailed && d.FailedAt.IsZero() {
				d.FailedAt = s.At
			}
		}
		byID[r.ID] = d
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b *Deployment) int { return records.NewestFirst(a.Record, b.Record) })
	return all
}

func at(t *testing.T, moment string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		t.Fatal(err)
	}
	return m.UTC()
}

// find is a row, told as "k of n = value, unknown {…}, records".
func find(lines []*Line, kind Kind, m Metric, service, period string) string {
	for _, l := range lines {
		if l.Service != service {
			continue
		}
		for _, r := range l.Rows(kind) {
			if r.Metric == m && r.Period == period {
				return told(r)
			}
		}
	}
	return "no row"
}

func told(r Row) string {
	out := fmt.Sprintf("%d of %d", r.K, r.N)
	if r.Value != nil {
		out += fmt.Sprintf(" = %.4g", *r.Value)
	}
	if r.Low != nil {
		out += fmt.Sprintf(" (%.3g to %.3g)", *r.Low, *r.High)
	}
	for _, why := range Reasons {
		if n := r.Unknown[why]; n > 0 {
			out += fmt.Sprintf(", %d %s", n, why)
		}
	}
	return out + " " + strings.Join(r.Records, " ")
}

type want struct {
	kind            Kind
	metric          Metric
	service, period string
	row             string
}

func check(t *testing.T, lines []*Line, wants ...want) {
	t.Helper()
	for _, w := range wants {
		if got := find(lines, w.kind, w.metric, w.service, w.period); got != w.row {
			t.Errorf("%s of %q in %s: got %q, want %q", w.metric, w.service, w.period, got, w.row)
		}
	}
}

// begun is the front matter of a deployment that took so many minutes.
func begun(date string, minutes int, status string, more ...string) string {
	start, err := time.Parse("2006-01-02T15:04Z07:00", date)
	if err != nil {
		panic(err)
	}
	end := start.Add(time.Duration(minutes) * time.Minute)
	return fmt.Sprintf("date: %s\nfinished: %s\nstatus: %s\n%s", start.Format(time.RFC3339), end.Format(time.RFC3339), status, strings.Join(more, "\n"))
}

// Two failed steps and two issues are one failed deployment: 1 of 1. It failed at the
// first stamp, 10:10, and was rolled back at 10:30: 20 minutes, 1200 s.
func TestFailedOnce(t *testing.T) {
	lines := Of(history(t, begun("2026-05-04T10:00Z", 30, "rolled-back", `
# T

- ❌ a <!-- 2026-05-04T10:10:00Z Ada Park -->
- ❌ b <!-- 2026-05-04T10:20:00Z Ada Park -->

## Issues

- one
- two`)), Options{Now: at(t, "2026-05-10T12:00:00Z"), Week: time.Monday})
	check(t, lines,
		want{All, FailRate, "web", "all", "1 of 1 = 1 r1"},
		want{All, Recovery, "web", "all", "1 of 1 = 1200 r1"},
		want{Weeks, Frequency, "web", "2026-w19", "0 of 7 = 0 "})
}

func TestNothing(t *testing.T) {
	if lines := Of(nil, Options{Now: at(t, "2026-05-10T12:00:00Z")}); len(lines) > 0 {
		t.Errorf("there are %d lines of no deployment", len(lines))
	}
	// None has ended: no rate, and neither 0 nor success.
	lines := Of(history(t, "date: 2026-05-10T11:00:00Z\nstatus: in-progress", "date: 2026-05-01T11:00:00Z\nstatus: in-progress", begun("2026-05-02T10:00Z", 5, "cancelled")),
		Options{Now: at(t, "2026-05-10T12:00:00Z"), Week: time.Monday})
	check(t, lines,
		want{All, FailRate, "web", "all", "0 of 0, 1 under-way, 1 no-outcome "},
		want{All, Rework, "web", "all", "0 of 0, 1 under-way, 1 no-outcome "},
		want{All, Duration, "web", "all", "0 of 2, 2 no-end "},
		want{All, Recovery, "web", "all", "no row"},
		want{All, Frequency, "web", "all", "0 of 10, 1 under-way, 1 no-outcome "}) // 1 to 10 May
}

// r1 succeeded, and r2 undid it an hour later: r1 failed, 1 of 1; a rollback is left out
// of the rate and the frequency. It is 1 of 2 for rework. From the start of r1 at 10:00,
// since there is no stamp, to the end of r2 at 11:20: 4800 s at most.
func TestNamedLater(t *testing.T) {
	lines := Of(history(t, begun("2026-05-04T10:00Z", 30, "succeeded"), begun("2026-05-04T11:00Z", 20, "succeeded", "rollback_of: r1")),
		Options{Now: at(t, "2026-05-10T12:00:00Z"), Week: time.Monday})
	check(t, lines,
		want{All, FailRate, "web", "all", "1 of 1 = 1 r1"},
		want{All, Rework, "web", "all", "1 of 2 = 0.5 r1 r2"},
		want{All, Recovery, "web", "all", "1 of 1 = 4800 r1"},
		want{Weeks, Frequency, "web", "2026-w19", "1 of 7 = 1 r1"})
	if row := lines[0].Rows(All)[3]; row.AtMost != 1 {
		t.Errorf("%d recoveries are an upper bound, want 1", row.AtMost)
	}
	// What was named by an earlier one did not fail.
	early := history(t, begun("2026-05-04T10:00Z", 30, "succeeded"), begun("2026-05-04T11:00Z", 20, "succeeded"))
	early[1].Repairs = early[0]
	check(t, Of(early, Options{Now: at(t, "2026-05-10T12:00:00Z")}), want{All, FailRate, "web", "all", "0 of 2 = 0 r1 r2"})
}

// r2 fails at 10:00. r1, which began at 9:30, ends at 10:30 and does not mend it; r3 does,
// from 11:00 to 11:20: 80 minutes, 4800 s.
func TestOverlap(t *testing.T) {
	lines := Of(history(t, begun("2026-05-04T09:30Z", 60, "succeeded"), begun("2026-05-04T10:00Z", 5, "failed"), begun("2026-05-04T11:00Z", 20, "succeeded")),
		Options{Now: at(t, "2026-05-10T12:00:00Z")})
	check(t, lines, want{All, Recovery, "web", "all", "1 of 1 = 4800 r2"})
}

// 23:30 at −05:00 on 30 September is 4:30 on 1 October in UTC, and 23:30 in Chicago.
func TestZones(t *testing.T) {
	one := func() []*Deployment { return history(t, begun("2026-09-30T23:30-05:00", 10, "failed")) }
	now := at(t, "2026-11-23T12:00:00Z")
	check(t, Of(one(), Options{Now: now, Week: time.Monday}),
		want{Quarters, FailRate, "web", "2026-q4", "1 of 1 = 1 r1"}, want{Quarters, FailRate, "web", "2026-q3", "no row"},
		want{Months, FailRate, "web", "2026-10", "1 of 1 = 1 r1"}, want{Weeks, FailRate, "web", "2026-w40", "1 of 1 = 1 r1"})
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	check(t, Of(one(), Options{Now: now.In(chicago), Week: time.Monday}), want{Quarters, FailRate, "web", "2026-q3", "1 of 1 = 1 r1"})
}

// On 29 March 2026 clocks in Stockholm go from 2:00 to 3:00: from 1:30 to 3:30 is an hour,
// 3600 s. The week from 19 to 25 October has 7 days, though one of them has 25 hours.
func TestClocksChange(t *testing.T) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	lines := Of(history(t, "date: 2026-03-29T01:30:00+01:00\nfinished: 2026-03-29T03:30:00+02:00\nstatus: succeeded", begun("2026-10-25T10:00+01:00", 10, "succeeded")),
		Options{Now: at(t, "2026-11-23T12:00:00Z").In(stockholm), Week: time.Monday})
	check(t, lines,
		want{Months, Duration, "web", "2026-03", "1 of 1 = 3600 r1"},
		want{Weeks, Frequency, "web", "2026-w43", "1 of 7 = 1 r2"},
		want{Weeks, Frequency, "web", "2026-w42", "0 of 7 = 0 "},
		want{Quarters, Frequency, "web", "2026-q4", "1 of 54 = 0.1296 r2"}) // 1 October to 23 November: 31 + 23 days
}

// Weeks may begin on Sunday. 3 January 2027 is a Sunday: the week from there to the 9th
// has its fourth day, the 6th, in 2027; by ISO 8601 it is the last day of week 53.
func TestWeeks(t *testing.T) {
	day := at(t, "2027-01-03T12:00:00Z")
	if got := (Options{Now: day, Week: time.Monday}).at(Weeks, day).Name; got != "2026-w53" {
		t.Errorf("the week is %s, want 2026-w53", got)
	}
	if got := (Options{Now: day, Week: time.Sunday}).at(Weeks, day).Name; got != "2027-w01" {
		t.Errorf("the week is %s, want 2027-w01", got)
	}
}

// A deployment of the year 9999 makes no weeks until then.
func TestNoPeriodsAhead(t *testing.T) {
	now := at(t, "2024-09-05T12:00:00Z")
	lines := Of(history(t, begun("2024-08-01T10:00Z", 30, "succeeded"), begun("9999-12-31T10:00Z", 30, "succeeded")), Options{Now: now, Week: time.Monday})
	for _, l := range lines {
		if weeks := l.Weekly(); len(weeks) != 6 {
			t.Errorf("%s has %d weeks, want those from 29 July to 8 September", l.Service, len(weeks))
		}
	}
	if len(lines) == 0 {
		t.Error("there are no lines")
	}
}

// Of a long time without deployments, before the clock's day or between two records, the
// last ten years are cut into periods: here since 1971 and with a clock in the year 9999.
func TestFewPeriodsBetween(t *testing.T) {
	lines := Of(history(t, begun("1971-01-01T10:00Z", 30, "succeeded"), begun("2024-08-01T10:00Z", 30, "succeeded")),
		Options{Now: at(t, "9999-06-01T12:00:00Z"), Week: time.Monday})
	for _, l := range lines {
		weeks, months := l.Weekly(), l.Rows(Months)
		if len(weeks) > 2*54*emptyYears || months[len(months)-1].Period != "9999-06" || months[0].Period != "1971-01" {
			t.Errorf("%s: %d weeks, %d months from %s to %s", l.Service, len(weeks), len(months), months[0].Period, months[len(months)-1].Period)
		}
		for _, want := range []string{"2014-09", "2024-08", "9989-07"} {
			if !slices.ContainsFunc(months, func(r Row) bool { return r.Period == want }) {
				t.Errorf("%s has no row for %s", l.Service, want)
			}
		}
	}
	if len(lines) == 0 {
		t.Error("there are no lines")
	}
}

// A window that ends a day later counts the new day, and leaves what is known of the
// old ones: r1 was undone by r2, which lies outside of both.
func TestWindow(t *testing.T) {
	all := history(t, begun("2026-05-04T10:00Z", 30, "succeeded"), begun("2026-05-06T10:00Z", 30, "succeeded"), begun("2026-05-09T10:00Z", 30, "succeeded", "rollback_of: r1"))
	for until, want := range map[string]string{"2026-05-06T00:00:00Z": "1 of 1 = 1 r1", "2026-05-07T00:00:00Z": "1 of 2 = 0.5 r1 r2"} {
		lines := Of(all, Options{Now: at(t, "2026-05-10T12:00:00Z"), Since: at(t, "2026-05-04T00:00:00Z"), Until: at(t, until)})
		if got := find(lines, All, FailRate, "web", "all"); got != want {
			t.Errorf("until %s: got %q, want %q", until, got, want)
		}
	}
}

// A record of three services counts once for each, and once in the total: 1 of 2. It is
// over when it is over for all: for api at 11:10, for web at 12:10, for cron never.
func TestThreeServices(t *testing.T) {
	fronts := []string{begun("2026-05-04T10:00Z", 30, "failed", "service: [web, api, cron]"), begun("2026-05-04T11:00Z", 10, "succeeded", "service: api"), begun("2026-05-04T12:00Z", 10, "succeeded")}
	lines := Of(history(t, fronts...), Options{Now: at(t, "2026-05-10T12:00:00Z")})
	check(t, lines,
		want{All, FailRate, "web", "all", "1 of 2 = 0.5 r1 r3"}, want{All, FailRate, "cron", "all", "1 of 1 = 1 r1"},
		want{All, FailRate, "", "all", "1 of 3 = 0.3333 r1 r2 r3"},
		want{All, Recovery, "api", "all", "1 of 1 = 4200 r1"}, want{All, Recovery, "web", "all", "1 of 1 = 7800 r1"},
		want{All, Recovery, "", "all", "0 of 1, 1 not-recovered "})
	lines = Of(history(t, append(fronts, begun("2026-05-04T13:00Z", 5, "succeeded", "service: cron"))...), Options{Now: at(t, "2026-05-10T12:00:00Z")})
	check(t, lines, want{All, Recovery, "", "all", "1 of 1 = 1.11e+04 r1"}) // 10:00 to 13:05
}

// r2 was to undo r1 and failed itself: it mends nothing and is in no rate of failures. r1 is
// over with r3, from 10:00 to 12:10: 7800 s.
func TestFailedRollback(t *testing.T) {
	lines := Of(history(t, begun("2026-05-04T10:00Z", 30, "failed"), begun("2026-05-04T11:00Z", 10, "failed", "rollback_of: r1"), begun("2026-05-04T12:00Z", 10, "succeeded")),
		Options{Now: at(t, "2026-05-10T12:00:00Z")})
	check(t, lines,
		want{All, FailRate, "web", "all", "1 of 2 = 0.5 r1 r3"},
		want{All, Recovery, "web", "all", "1 of 1 = 7800 r1"},
		want{All, Rework, "web", "all", "1 of 3 = 0.3333 r1 r2 r3"})
}

// One record; all failed; rework that nobody ever writes down is not recorded, not 0 %.
func TestFew(t *testing.T) {
	now := Options{Now: at(t, "2026-05-10T12:00:00Z")}
	check(t, Of(history(t, begun("2026-05-10T10:00Z", 30, "succeeded")), now),
		want{All, FailRate, "web", "all", "0 of 1 = 0 r1"}, want{All, Rework, "web", "all", "0 of 0, 1 not-recorded "},
		want{All, Frequency, "web", "all", "1 of 1 = 7 r1"}, want{All, Recovery, "web", "all", "no row"})
	check(t, Of(history(t, begun("2026-05-04T10:00Z", 30, "failed"), begun("2026-05-05T10:00Z", 30, "failed")), now),
		want{All, FailRate, "web", "all", "2 of 2 = 1 r1 r2"}, want{All, Recovery, "web", "all", "0 of 2, 2 not-recovered "})
}

// Six have an interval. The median of 10, 20 … 60 minutes is 35 minutes, 2100 s; its interval
// goes from the first to the sixth. 1 of 6 failed; Wilson's interval is 3.01 % to 56.4 %.
func TestIntervals(t *testing.T) {
	var fronts []string
	for i := range 6 {
		fronts = append(fronts, begun(fmt.Sprintf("2026-05-0%dT10:00Z", i+1), 10*(i+1), []string{"failed", "succeeded"}[min(i, 1)]))
	}
	check(t, Of(history(t, fronts...), Options{Now: at(t, "2026-05-10T12:00:00Z")}),
		want{All, FailRate, "web", "all", "1 of 6 = 0.1667 (0.0301 to 0.564) r1 r2 r3 r4 r5 r6"},
		want{All, Duration, "web", "all", "6 of 6 = 2100 (600 to 3.6e+03) r1 r2 r3 r4 r5 r6"})
}

// Apart: without an environment, in one that is no production, without a date, with a
// day and no hour.
func TestApart(t *testing.T) {
	lines := Of(history(t, begun("2026-05-04T10:00Z", 30, "failed", "environment: ''"), begun("2026-05-04T10:00Z", 30, "failed", "environment: staging"),
		"status: failed", "date: 2026-05-05\nfinished: 2026-05-05\nstatus: failed"), Options{Now: at(t, "2026-05-10T12:00:00Z")})
	check(t, lines,
		want{All, FailRate, "web", "all", "1 of 1 = 1, 1 no-date r4"},
		want{All, Duration, "web", "all", "0 of 1, 1 no-hour, 1 no-date "},
		want{All, Recovery, "web", "all", "0 of 1, 1 no-hour, 1 no-date "},
		want{Quarters, FailRate, "web", "2026-q2", "1 of 1 = 1 r4"})
	last := lines[len(lines)-1].Rows(All)
	if len(last) != 1 || told(last[0]) != "0 of 7, 1 no-environment r1" { // 4 to 10 May
		t.Errorf("without an environment: %v", last)
	}
}

// A record of two environments counts in each of them.
func TestTwoEnvironments(t *testing.T) {
	lines := Of(history(t, begun("2026-05-04T10:00Z", 30, "failed", "environment: [production, live]"), begun("2026-05-04T11:00Z", 30, "succeeded", "environment: live")),
		Options{Now: at(t, "2026-05-10T12:00:00Z")})
	var got []string
	for _, l := range lines {
		got = append(got, l.Environment+" "+l.Service+" "+find([]*Line{l}, All, Recovery, l.Service, "all"))
	}
	want := []string{"live web 1 of 1 = 5400 r1", "production web 0 of 1, 1 not-recovered ", "live  1 of 1 = 5400 r1", "production  0 of 1, 1 not-recovered "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A rate's bounds: 1 of 4 failed, and of 2 it is unknown: between 1 and 3 of 6.
func TestBounds(t *testing.T) {
	low, high := Row{K: 1, N: 4, Unknown: map[Reason]int{UnderWay: 1, NoOutcome: 1}}.Bounds()
	if low != 1.0/6 || high != 0.5 {
		t.Errorf("from %g to %g, want 1/6 to 1/2", low, high)
	}
}

// Commits a (8:00), b (9:00), c (10:00) in a row; x (9:30) beside, made from a.
func repository(t *testing.T) (g *git.Graph, hash map[string]string) {
	t.Helper()
	dir := t.TempDir()
	hash = map[string]string{}
	run := func(date string, args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
			"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org", "GIT_COMMITTER_DATE="+date, "GIT_AUTHOR_DATE=2020-01-01T00:00:00Z")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(args, err)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func(name, hour string) {
		run("2026-05-04T"+hour+":00Z", "commit", "-q", "--allow-empty", "-m", name)
		hash[name] = run("", "rev-parse", "HEAD")
	}
	run("", "init", "-q", "-b", "main")
	commit("a", "08:00")
	run("", "checkout", "-q", "-b", "beside")
	commit("x", "09:30")
	run("", "checkout", "-q", "main")
	commit("b", "09:00")
	commit("c", "10:00")
	repo, err := git.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{strings.Repeat("1", 40), "no hash", hash["a"], hash["x"], hash["b"][:10], hash["c"]}
	if g, err = repo.Graph(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	hash["b"], hash["gone"] = hash["b"][:10], all[0]
	return g, hash
}

func TestLeadTime(t *testing.T) {
	g, hash := repository(t)
	day := func(n int, commit string, more ...string) string {
		return begun(fmt.Sprintf("2026-05-%02dT12:00Z", n), 60, "succeeded", append(more, "commit: "+hash[commit])...)
	}
	for name, test := range map[string]struct {
		fronts []string
		want   string
	}{
		// Ends on the 5th at 13:00. b was then 28 hours old, c 27: the median is 27.5 hours, 99000 s.
		"two commits": {[]string{day(4, "a"), day(5, "c")}, "1 of 2 = 9.9e+04, 1 no-predecessor r2"},
		"first ever":  {[]string{day(4, "a")}, "0 of 1, 1 no-predecessor "},
		"same commit": {[]string{day(4, "a"), day(5, "a")}, "0 of 2, 1 no-predecessor, 1 same-commit "},
		// c was deployed on the 5th already: after the rollback to a nothing is new.
		"deployed again": {[]string{day(4, "a"), day(5, "c"), day(6, "a", "rollback_of: r2"), day(7, "c")}, "1 of 3 = 9.9e+04, 1 no-predecessor, 1 same-commit r2"},
		"force-push":     {[]string{day(4, "x"), day(5, "c")}, "0 of 2, 1 no-ancestor, 1 no-predecessor "},
		"gone":           {[]string{day(4, "gone"), day(5, "c")}, "0 of 2, 2 commit-missing "},
		"no commit":      {[]string{begun("2026-05-04T12:00Z", 60, "succeeded"), day(5, "c")}, "0 of 2, 2 no-commit "},
		// It ended at 9:30, before c was committed.
		"negative": {[]string{day(3, "a"), begun("2026-05-04T09:00Z", 30, "succeeded", "commit: "+hash["c"])}, "0 of 2, 1 negative, 1 no-predecessor "},
		// What failed brought nothing; b and c are new to the next.
		"failed between": {[]string{day(4, "a"), begun("2026-05-04T14:00Z", 9, "failed", "commit: "+hash["b"]), day(5, "c")}, "1 of 2 = 9.9e+04, 1 no-predecessor r3"},
	} {
		all := history(t, test.fronts...)
		for _, d := range all {
			d.Graph = g
		}
		if got := find(Of(all, Options{Now: at(t, "2026-05-10T12:00:00Z")}), All, LeadTime, "web", "all"); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
	check(t, Of(history(t, day(4, "a")), Options{Now: at(t, "2026-05-10T12:00:00Z")}), want{All, LeadTime, "web", "all", "0 of 1, 1 no-git "})
}

// Where the hours are not known, a gap is one of days, and less than a day says nothing.
func TestGapWithoutHours(t *testing.T) {
	opt := Options{Now: at(t, "2026-05-10T12:00:00Z"), Week: time.Monday}
	for _, test := range []struct {
		starts string
		want   float64 // in hours, -1 where nothing is said
	}{
		{"05-01 05-01 05-01 05-01 05-01 05-01 05-01", -1},
		{"05-01 05-01 05-01 05-01 05-02 05-04 05-07", -1}, // the middle is between 0 and 1
		{"05-01 05-02 05-02 05-03 05-04 05-05 05-06", 24},
		{"05-01 05-02T18:00Z 05-03 05-04T23:00Z 05-05 05-06T20:00Z 05-07", 24},
		{"05-01T08:00Z 05-01T10:00Z 05-01T12:00Z 05-01T14:00Z 05-01T16:00Z 05-01T18:00Z 05-02", 2},
		{"05-01T08:00Z 05-01T08:00Z 05-01T08:00Z 05-01T08:00Z 05-01T08:00Z 05-01T08:00Z 05-01T08:00Z", 0},
	} {
		var fronts []string
		for _, start := range strings.Fields(test.starts) {
			fronts = append(fronts, "status: succeeded\nservice: web\nenvironment: production\nstarted: 2026-"+start)
		}
		gap, ok := Of(history(t, fronts...), opt)[0].Gap()
		if got := gap / 3600; ok != (test.want >= 0) || ok && got != test.want {
			t.Errorf("%s: got %g h, %t", test.starts, got, ok)
		}
	}
}

func TestGap(t *testing.T) {
	// Gaps of one, two, four, one, two and three days: the median is two days.
	fronts := []string{begun("2026-04-25T10:00Z", 1, "succeeded"), begun("2026-04-26T10:00Z", 1, "succeeded"), begun("2026-04-28T10:00Z", 1, "succeeded"),
		begun("2026-05-02T10:00Z", 1, "succeeded"), begun("2026-05-03T10:00Z", 1, "succeeded"), begun("2026-05-05T10:00Z", 1, "succeeded"), begun("2026-05-08T10:00Z", 1, "succeeded")}
	opt := Options{Now: at(t, "2026-05-10T12:00:00Z"), Week: time.Monday}
	if gap, ok := Of(history(t, fronts[1:]...), opt)[0].Gap(); ok {
		t.Errorf("of five gaps the median is %g s", gap)
	}
	lines := Of(history(t, fronts...), opt)
	if gap, ok := lines[0].Gap(); !ok || gap != 2*24*60*60 {
		t.Errorf("the median gap is %g s", gap)
	}
	var counts []int
	for _, week := range lines[0].Weekly() {
		counts = append(counts, week.K)
	}
	if diff := cmp.Diff([]int{2, 3, 2}, counts); diff != "" {
		t.Error(diff)
	}
}

// Of two deployments of which nobody wrote the outcome 0, 1 or 2 succeeded in 31 days: the
// frequency is unknown, and not 0. With a third that failed, one outcome is known, and
// none that is succeeded: 0, with two left out.
func TestUnknownFrequency(t *testing.T) {
	open := []string{"date: 2026-07-01T10:00:00Z", "date: 2026-07-02T10:00:00Z"}
	now := Options{Now: at(t, "2026-07-31T10:00:00Z")}
	if got, want := find(Of(history(t, open...), now), All, Frequency, "web", "all"), "0 of 31, 2 no-outcome "; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	lines := Of(history(t, append(open, "date: 2026-07-03T10:00:00Z\nstatus: failed")...), now)
	if got, want := find(lines, All, Frequency, "web", "all"), "0 of 31 = 0, 2 no-outcome "; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// Of succeeded, failed, succeeded, succeeded, cancelled, rolled-back (undone), rollback,
// in-progress and succeeded, what counts is S F S S F S: before the first failure nobody
// knows, between the two there are 2, since the last there is 1.
func TestRuns(t *testing.T) {
	all := history(t,
		"status: succeeded\ndate: 2026-07-01T10:00:00Z", "status: failed\ndate: 2026-07-02T10:00:00Z", "status: succeeded\ndate: 2026-07-03T10:00:00Z",
		"status: succeeded\ndate: 2026-07-04T10:00:00Z", "status: cancelled\ndate: 2026-07-05T10:00:00Z", "status: succeeded\ndate: 2026-07-06T10:00:00Z",
		"status: succeeded\ndate: 2026-07-07T10:00:00Z\nrollback_of: r6", "status: in-progress\ndate: 2026-07-08T10:00:00Z", "status: succeeded\ndate: 2026-07-09T10:00:00Z")
	for _, l := range Of(all, Options{Now: at(t, "2026-08-01T10:00:00Z")}) {
		runs := l.Runs()
		if len(runs) != 2 || runs[0].Count != 2 || runs[0].Ended.ID != "r6" || runs[1].Count != 1 || runs[1].Ended != nil {
			t.Errorf("%s: %+v", l.Service, runs)
		}
	}
}
