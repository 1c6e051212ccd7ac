package records

import (
	"strings"
	"testing"
	"time"
)

var (
	at1510 = time.Date(2024, 8, 31, 15, 10, 30, 0, time.FixedZone("", 2*3600))
	notes0 = "\n## Deployment Metrics\n\n- Start Time:\n- End Time:\n- Total Duration:\n- Deployed By:\n"
)

func finished(t *testing.T, source string, o Outcome) *Record {
	t.Helper()
	r := Parse(recordName1, []byte(source), Options{})
	after, err := Finish(o)(r)
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	if after.Status != o.Status || after.Finished.IsZero() {
		t.Errorf("%q: status %s, end %v", after.Source, after.Status, after.Finished)
	}
	return after
}

func TestFinish(t *testing.T) {
	const yaml = "---\ntitle: T\ndate: 2024-08-31T14:30:00+02:00 # on time\ndeployer: Ada Park\nstatus: in-progress\ntags: [x]\n---\n# T\n"
	const full = "\n## Deployment Metrics\n\n- Start Time: 2024-08-31 14:30\n- End Time: 2024-08-31 15:10\n- Total Duration: 40 min\n- Deployed By: Ada Park\n"
	const made = "\n## Deployment Notes\n\n### Deployment Metrics\n\n- Start Time: 2024-08-31 14:30\n- End Time: 2024-08-31 15:10\n- Total Duration: 40 min\n- Deployed By: Ada Park\n"
	done := strings.NewReplacer("# on time\n", "# on time\nfinished: 2024-08-31T15:10:30+02:00\n", "in-progress", "succeeded").Replace(yaml)
	crlf := strings.NewReplacer("\n", "\r\n")
	for name, test := range map[string]struct{ before, after string }{
		"a record of ours":      {yaml + notes0, done + full},
		"CR LF and a mark":      {"\ufeff" + crlf.Replace(yaml+notes0), "\ufeff" + crlf.Replace(done+full)},
		"no metrics":            {yaml, done + made},
		"placeholders":          {yaml + strings.ReplaceAll(notes0, ":\n", ": [AUTO-FILLED]\n"), done + full},
		"some are written":      {yaml + "## Metrics\n* **Total Duration**: ~40 min\n", done + "## Metrics\n* **Total Duration**: ~40 min\n* **Start Time**: 2024-08-31 14:30\n* **End Time**: 2024-08-31 15:10\n* **Deployed By**: Ada Park\n"},
		"a status in the body":  {yaml + "- Status: 🚧 IN PROGRESS - waiting\n- Success: [PENDING]\n\n- [ ] a\n" + notes0, done + "- Status: succeeded\n- Success: yes\n\n- [ ] a\n" + full},
		"no keys":               {"---\n---\n" + full, "---\nstatus: succeeded\nfinished: 2024-08-31T15:10:30\n---\n" + full},
		"TOML":                  {"+++\ndate = 2024-08-31T14:30:00+02:00\nstatus = 'in-progress'\n[links]\na = 'https://a.example'\n+++\n" + full, "+++\ndate = 2024-08-31T14:30:00+02:00\nfinished = 2024-08-31T15:10:30+02:00\nstatus = \"succeeded\"\n[links]\na = 'https://a.example'\n+++\n" + full},
		"TOML with a table":     {"+++\n[links]\na = 'https://a.example'\n+++\n" + full, "+++\nfinished = 2024-08-31T15:10:30\nstatus = \"succeeded\"\n[links]\na = 'https://a.example'\n+++\n" + full},
		"JSON":                  {"{\n\t\"date\": \"2024-08-31T14:30:00+02:00\",\n\t\"tags\": []\n}\n" + full, "{\n\t\"date\": \"2024-08-31T14:30:00+02:00\",\n\t\"finished\": \"2024-08-31T15:10:30+02:00\",\n\t\"tags\": [],\n\t\"status\": \"succeeded\"\n}\n" + full},
		"JSON in one line":      {"{\"started\": \"2024-08-31T14:30:00+02:00\"}\n" + full, "{\"started\": \"2024-08-31T14:30:00+02:00\", \"finished\": \"2024-08-31T15:10:30+02:00\", \"status\": \"succeeded\"}\n" + full},
		"empty JSON":            {"{}\n" + full, "{\"status\": \"succeeded\", \"finished\": \"2024-08-31T15:10:30\"}\n" + full},
		"YAML in braces":        {"---\n{date: 2024-08-31T14:30:00+02:00, deployer: Ada Park}\n---\n" + full, "---\n{date: 2024-08-31T14:30:00+02:00, finished: 2024-08-31T15:10:30+02:00, deployer: Ada Park, status: succeeded}\n---\n" + full},
		"YAML that is indented": {"---\n  date: 2024-08-31T14:30:00+02:00\n  status:\n---\n" + full, "---\n  date: 2024-08-31T14:30:00+02:00\n  finished: 2024-08-31T15:10:30+02:00\n  status: succeeded\n---\n" + full},
		"a block in YAML":       {"---\nstatus: |\n  running\ndate: 2024-08-31T14:30:00+02:00\n---\n" + full, "---\nstatus: succeeded\ndate: 2024-08-31T14:30:00+02:00\nfinished: 2024-08-31T15:10:30+02:00\n---\n" + full},
	} {
		after := finished(t, strings.Replace(test.before, full, notes0, 1), Outcome{Status: Succeeded, At: at1510})
		want := test.after
		if _, known := after.Duration(); !known || len(after.Deployers) == 0 {
			want = strings.NewReplacer("Deployed By: Ada Park", "Deployed By:").Replace(want)
		}
		if got := string(after.Source); got != want {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, want)
		}
	}
}

// The end is written on the clock of the start, wherever it is said.
func TestFinishElsewhere(t *testing.T) {
	after := finished(t, "---\ndate: 2024-08-31T14:30:00+02:00\n---\n"+notes0, Outcome{Status: Failed, At: at1510.UTC()})
	for _, want := range []string{"\nfinished: 2024-08-31T15:10:30+02:00\n", "\n- End Time: 2024-08-31 15:10\n"} {
		if !strings.Contains(string(after.Source), want) {
			t.Errorf("%q is not in %s", want, after.Source)
		}
	}
}

// Records without front matter get none.
func TestFinishInTheBody(t *testing.T) {
	for name, test := range map[string]struct{ before, after string }{
		"nothing at all": {"# T\n\n- [x] a\n", "# T\n\n- [x] a\n\n## Deployment Notes\n\n### Deployment Metrics\n\n" +
			"- Status: failed\n- End Time: 2024-08-31 15:10\n- Start Time: 2024-08-31 14:30\n- Total Duration: 40 min\n"},
		"metadata on top": {"# T\n\n- **Operator**: Ben\n- **Status**: 🚧 running\n- **End Time**: TBD\n\n- [x] a\n", "# T\n\n- **Operator**: Ben\n- **Status**: failed\n- **End Time**: 2024-08-31 15:10\n\n- [x] a\n\n" +
			"## Deployment Notes\n\n### Deployment Metrics\n\n- **Start Time**: 2024-08-31 14:30\n- **Total Duration**: 40 min\n"},
		"an end by hand":       {"# T\n## Metrics\n- Success: [ ] Yes [ ] No\n- Start: 14:30:20\n- End: 15:00:50\n- Duration:\n", "# T\n## Metrics\n- Success: [ ] Yes [ ] No\n- Start: 14:30:20\n- End: 15:00:50\n- Duration: 30 min\n- Status: failed\n"},
		"lines of a paragraph": {"Operator: Ben\r\nStatus:\r\nEnd Time:\r\nTotal Duration:\r\nStart Time: 14:30\r\n", "Operator: Ben\r\nStatus: failed\r\nEnd Time: 2024-08-31 15:10\r\nTotal Duration: 40 min\r\nStart Time: 14:30\r\n"},
		"to the second":        {"# T\n## Metrics\n- Start: 15:10:20\n- Status:\n- End:\n- Duration:\n- Deployed by: x\n", "# T\n## Metrics\n- Start: 15:10:20\n- Status: failed\n- End: 2024-08-31 15:10:30\n- Duration: 10 s\n- Deployed by: x\n"},
	} {
		if got := string(finished(t, test.before, Outcome{Status: Failed, At: at1510}).Source); got != test.after {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, test.after)
		}
	}
}

func TestFinishRefuses(t *testing.T) {
	for source, want := range map[string]string{
		"---\nfinished: soon\n---\n":                                          "line 2: the end “soon” is no time that can be read",
		"# T\n## Metrics\n- End Time: ~15:00\n":                               "line 3: the end “~15:00” is no time that can be read",
		"---\ndate: 2024-08-31T15:30:00+02:00\nstatus: in-progress\n---\n# T": "the end, 2024-08-31 15:10, is before the start, 2024-08-31 15:30",
	} {
		r := Parse(recordName1, []byte(source), Options{})
		if _, err := Finish(Outcome{Status: Succeeded, At: at1510})(r); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", source, err)
		}
	}
}

// What Finish wrote, Reopen takes back, but for the metrics' start and names.
func TestReopen(t *testing.T) {
	for name, source := range map[string]string{
		"YAML":      "---\ndate: 2024-08-31T14:30:00+02:00\nstatus: in-progress\ntitle: T\n---\n\n## Metrics\n\n- Start: 14:30\n- End:\n- Duration:\n- Deployed By: Ada\n",
		"TOML":      "+++\r\ndate = 2024-08-31T14:30:00+02:00\r\nstatus = \"in-progress\"\r\n+++\r\n## Metrics\r\n- Start: 14:30\r\n- End:\r\n- Duration:\r\n- Deployed By: Ada\r\n",
		"JSON":      "{\"date\": \"2024-08-31T14:30:00+02:00\", \"status\": \"in-progress\"}\n## Metrics\n- Start: 14:30\n- End:\n- Duration:\n- Deployed By: Ada\n",
		"JSON last": "{\n  \"status\": \"in-progress\",\n  \"date\": \"2024-08-31T14:30:00+02:00\"\n}\n## Metrics\n- Start: 14:30\n- End:\n- Duration:\n- Deployed By: Ada\n",
		"braces":    "---\n{date: 2024-08-31T14:30:00+02:00, status: in-progress}\n---\n## Metrics\n- Start: 14:30\n- End:\n- Duration:\n- Deployed By: Ada\n",
		"body":      "# T\n## Metrics\n- Status: in-progress\n- Start: 14:30\n- End:\n- Duration:\n- Deployed By: Ada\n",
	} {
		after, err := Reopen(finished(t, source, Outcome{Status: Failed, At: at1510}))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if string(after.Source) != source {
			t.Errorf("%s:\ngot  %q\nwant %q", name, after.Source, source)
		}
	}
}

// TestFinishExample reopens and finishes each record of the example.
func TestFinishExample(t *testing.T) {
	for name, source := range exampleRecords(t) {
		r := Parse(name, source, Options{})
		open, err := Reopen(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, status := range []Status{Succeeded, Failed, RolledBack, Cancelled} {
			after, err := Finish(Outcome{Status: status, At: r.Started.Time.Add(47 * time.Minute)})(open)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if d, ok := after.Duration(); after.Status != status || (ok && d.Round(time.Minute) != 47*time.Minute) {
				t.Errorf("%s: %s, %v, %v", name, after.Status, d, ok)
			}
		}
	}
}

func TestDurationTextIsRead(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 59 * time.Second: "59 s", 89 * time.Second: "1 min", 59*time.Minute + 40*time.Second: "59 min", time.Hour: "1 h",
		65 * time.Minute: "1 h 5 min", 80 * time.Minute: "1 h 20 min", 50 * time.Hour: "50 h",
	} {
		got := DurationText(d)
		if back, ok := ParseDuration(got); got != want || d > 0 && (!ok || d-back >= time.Minute || back > d) {
			t.Errorf("%v is %q, read as %v", d, got, back)
		}
	}
}
