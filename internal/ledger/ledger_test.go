package ledger

import (
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

// historyOf reads records, newest first, each by its ID and body.
func historyOf(checklist string, recordsOf ...[2]string) History {
	h := History{Checklist: Marks(records.Parse("checklist.md", []byte(checklist), records.Options{}))}
	for _, r := range recordsOf {
		p := parsed(r[0], "", r[1])
		h.Records = append(h.Records, Marked{p, Marks(p)})
	}
	return h
}

// An issue whose step was in the checklist of a deployment comes back with it, and with
// later ones; what was met before is accepted, whenever the checklist took it up.
func TestCameBack(t *testing.T) {
	const step = "- [ ] **Renew the certificate** <!-- 2024-08-01-10-00#lesson-renew-the-certificate-in-time -->\n"
	const issue = "## Issues\n\n- The certificate had expired\n"
	h := historyOf(step,
		[2]string{"2024-08-20-10-00", step + issue},
		[2]string{"2024-08-10-10-00", step},
		[2]string{"2024-08-05-10-00", issue},
		[2]string{"2024-08-01-10-00", "## Issues\n\n- The certificate had expired <!-- same: 2024-08-01-10-00#lesson-renew-the-certificate-in-time -->\n\n## Lessons\n\n- Renew the certificate in time\n"})
	l := Of(h)
	for ref, want := range map[string]State{
		"2024-08-20-10-00#issue-the-certificate-had-expired":    CameBack, // the second deployment with the step
		"2024-08-05-10-00#issue-the-certificate-had-expired":    Accepted,
		"2024-08-01-10-00#lesson-renew-the-certificate-in-time": Accepted,
	} {
		r, _ := ParseRef(ref)
		fate := l.Fate(r)
		if fate.State != want || fate.StepKey != "renew-the-certificate" || !fate.Checklist {
			t.Errorf("%s: %+v, want %s", ref, fate, want)
		}
	}
	e := l.Entries[0]
	if e.Fate().State != CameBack || e.Count() != 3 || e.Newest().Record.ID != "2024-08-20-10-00" || e.Oldest().Record.ID != "2024-08-01-10-00" || e.IsLearned() {
		t.Errorf("%d entries; the first is in %d records, from %s to %s: %s", len(l.Entries), e.Count(), e.Oldest().Record.ID, e.Newest().Record.ID, e.Fate().State)
	}
	// A record that took the note up is no checklist.
	h.Checklist = nil
	if got := Of(h).Fate(Ref{"2024-08-20-10-00", "issue-the-certificate-had-expired"}).State; got != Open {
		t.Errorf("without the checklist: %s", got)
	}
}

// The checklist may have a section with the title of steps that one deployment took up.
// Another step below that title tells nothing of since when it has this one.
func TestCameBackFromEarlierDeployments(t *testing.T) {
	const issue = "## Issues\n\n- The disk was full\n"
	h := historyOf("## From earlier deployments\n\n- [ ] **Look at the disk** <!-- 2024-08-01-10-00#issue-the-disk-was-full -->\n",
		[2]string{"2024-08-09-10-00", issue},
		[2]string{"2024-08-05-10-00", "## From earlier deployments\n\n- [ ] **Empty the folder** <!-- 2024-08-01-10-00#issue-the-disk-was-full -->\n"},
		[2]string{"2024-08-01-10-00", issue})
	if fate := Of(h).Fate(Ref{"2024-08-09-10-00", "issue-the-disk-was-full"}); fate.State != Accepted {
		t.Errorf("no record has the step of the checklist, and the issue is %+v", fate)
	}
}

// People join notes, and keep them apart; the latest comment on two notes counts.
func TestSameAndApart(t *testing.T) {
	const a, b, c = "2024-08-01-10-00#lesson-purge-the-cdn-cache-before-the", "2024-08-02-10-00#lesson-clear-the-cdn-s-cache-before-running", "2024-08-03-10-00#lesson-drink-tea"
	lessons := [][2]string{
		{"2024-08-03-10-00", "## Lessons\n\n- Drink tea\n"},
		{"2024-08-02-10-00", "## Lessons\n\n- Clear the CDN's cache before running the smoke tests\n"},
		{"2024-08-01-10-00", "## Lessons\n\n- Purge the CDN cache before the smoke tests run\n"},
	}
	for _, test := range []struct {
		name, marks            string
		entries, maybe, counts int
	}{
		{"nobody said anything", "", 3, 1, 1},
		{"the same", "<!-- same: " + a + " " + b + " -->", 2, 0, 2},
		{"apart", "<!-- apart: " + b + " " + a + " -->", 3, 0, 1},
		{"both, and the last counts", "<!-- same: " + a + " " + b + " -->\n\n<!-- apart: " + b + " " + a + " -->", 3, 0, 1},
		{"what is not alike", "<!-- same: " + a + " " + c + " -->", 2, 1, 2},
		{"a note that is not there", "<!-- same: " + a + " 2024-08-09-10-00#lesson-x -->", 3, 1, 1},
	} {
		l := Of(historyOf("", append([][2]string{{"2024-08-09-10-00", test.marks + "\n"}}, lessons...)...))
		ref, _ := ParseRef(a)
		e := l.Entry(ref)
		if len(l.Entries) != test.entries || len(e.Maybe) != test.maybe || e.Count() != test.counts {
			t.Errorf("%s: %d entries, %d proposals, in %d records; want %d, %d, %d", test.name, len(l.Entries), len(e.Maybe), e.Count(), test.entries, test.maybe, test.counts)
		}
	}
}

// Three times is learned, unless the checklist has it or somebody turned it down.
func TestLearned(t *testing.T) {
	const lesson = "## Lessons\n\n- Ask before you add an index\n"
	three := [][2]string{{"2024-08-03-10-00", lesson}, {"2024-08-02-10-00", lesson}, {"2024-08-01-10-00", lesson}}
	const ref = "2024-08-03-10-00#lesson-ask-before-you-add-an-index"
	for _, test := range []struct {
		name, checklist string
		history         [][2]string
		want            int
	}{
		{"three times", "", three, 1},
		{"twice", "", three[:2], 0},
		{"three times in two records", "", [][2]string{{"2024-08-03-10-00", lesson + "- Ask, before you add an index!\n"}, three[1]}, 0},
		{"in the checklist", "- [ ] Ask <!-- " + ref + " -->", three, 0},
		{"dismissed", "", append([][2]string{{"2024-08-04-10-00", "- no — dismissed: no indexes <!-- lesson: " + ref + " dismissed -->\n"}}, three...), 0},
		{"in one record", "", append([][2]string{{"2024-08-04-10-00", "- [ ] Ask <!-- lesson: " + ref + " -->\n"}}, three...), 1},
		{"it went well", "", [][2]string{{"2024-08-03-10-00", "## What Went Well\n\n- All of it"}, {"2024-08-02-10-00", "## What Went Well\n\n- All of it"}, {"2024-08-01-10-00", "## What Went Well\n\n- All of it"}}, 0},
	} {
		if got := len(Of(historyOf(test.checklist, test.history...)).Learned()); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}

// Signs that mean something keep notes apart, others do not.
func TestNormal(t *testing.T) {
	for _, same := range [][2]string{{"Purge the cache.", "purge  THE *cache*!"}, {"Ｃａｃｈｅ　を消す。", "cache を消す"}, {"“Ask” first", "ask first"}} {
		if Normal(same[0]) != Normal(same[1]) {
			t.Errorf("%q and %q are not joined", same[0], same[1])
		}
	}
	for _, other := range [][2]string{{"lag < 5 s", "lag > 5 s"}, {"wait 1.5 s", "wait 15 s"}, {"is it safe?", "it is safe"}, {"use -f", "use f"}, {"5 %", "5"}, {"C++", "C"}} {
		if Normal(other[0]) == Normal(other[1]) {
			t.Errorf("%q and %q are joined", other[0], other[1])
		}
	}
}

// The state of a note is none of what it tells.
func TestStateIsNoText(t *testing.T) {
	joined := func(a, b string) bool { return Normal(withoutState(a)) == Normal(withoutState(b)) }
	for _, same := range [][2]string{{"Done: add a retry", "Add a retry"}, {"Add a retry · Ada · ✅ Done", "add a retry · Ada"}, {"Erledigt: Cache leeren", "Cache leeren"},
		{"Add a retry · ⬜ Pending", "Add a retry · 🔄 In progress"}} {
		if !joined(same[0], same[1]) {
			t.Errorf("%q and %q are not joined", same[0], same[1])
		}
	}
	for _, other := range [][2]string{{"Failed: add a retry", "Add a retry"}, {"Backup: take one first", "take one first"}, {"Not done: add a retry", "Add a retry"}, {"Done", "Completed"},
		{"Add a retry · ✅ Ada", "Add a retry"}} {
		if joined(other[0], other[1]) {
			t.Errorf("%q and %q are joined", other[0], other[1])
		}
	}
}
