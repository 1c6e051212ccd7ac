package importer

import (
	"fmt"
	"strings"
	"testing"
)

// again imports a source into dir, and says what became of each draft.
func again(t *testing.T, dir, name, text string) string {
	t.Helper()
	p, err := MakePlan(t.Context(), dir, Read([]Source{{name, []byte(text)}}, Options{}).Drafts)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Write(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, e := range p.Entries {
		states = append(states, string(e.State))
	}
	return strings.Join(states, " ")
}

func TestEditedSections(t *testing.T) {
	const day, other = "## 2024-08-31", "\n\na\n\n"
	for name, test := range map[string]struct{ before, after, want string }{
		"text below a date alone":        {day + "\n\na\n", day + "\n\na\nmore\n", "changed"},
		"text below a generic word":      {day + " deploy\n\na\n", day + " deploy\n\na\nmore\n", "changed"},
		"longer title":                   {day + " x\n\na\n", day + " x (done)\n\na\n", "changed"},
		"shorter title":                  {day + " search (planned)\n\na\n", day + " search\n\na\n", "changed"},
		"part of a word":                 {day + " sea\n\na\n", day + " search\n\na\n", "in-doubt"},
		"another title":                  {day + " x\n\na\n", day + " search\n\na\n", "in-doubt"},
		"a title at last":                {day + "\n\na\n", day + " search\n\na\n", "in-doubt"},
		"a time at last":                 {day + " x\n\na\n", day + " 14:30 x\n\na\n", "changed"},
		"another time":                   {day + " 14:30 x\n\na\n", day + " 15:30 x\n\na\n", "written"},
		"another day":                    {day + "\n\na\n", "## 2024-09-01\n\na\n", "written"},
		"new beside an unchanged one":    {day + other, day + "\n\nnew\n\n" + day + other, "written present"},
		"titled beside an unchanged one": {day + other, day + " x\n\nnew\n\n" + day + other, "written present"},
		"both edited":                    {day + "\n\na\n\n" + day + "\n\nb\n", day + "\n\na2\n\n" + day + "\n\nb2\n", "changed changed"},
		"one edited, one kept":           {day + "\n\na\n\n" + day + "\n\nb\n", day + "\n\na\n\n" + day + "\n\nb2\n", "present changed"},
		"one edited, one new":            {day + "\n\na\n", day + "\n\na2\n\n" + day + "\n\nb\n", "in-doubt in-doubt"},
		"edited and titled new":          {day + "\n\na\n", day + "\n\na2\n\n" + day + " x\n\nb\n", "changed written"},
		"longer title and new":           {day + " x\n\na\n", day + " y\n\nb\n\n" + day + " x (done)\n\na\n", "written changed"},
		"two longer titles":              {day + " x\n\na\n", day + " x 1\n\nb\n\n" + day + " x 2\n\na\n", "in-doubt in-doubt"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if first := again(t, dir, "log.md", test.before); strings.ReplaceAll(first, " written", "") != "written" {
				t.Fatalf("the first import: %s", first)
			}
			for i, want := range []string{test.want, strings.ReplaceAll(test.want, "written", "present")} {
				if got := again(t, dir, "log.md", test.after); got != want {
					t.Errorf("import %d: %s, want %s", i+2, got, want)
				}
			}
		})
	}
}

func TestPipesAreNotOneSource(t *testing.T) {
	dir := t.TempDir()
	for _, text := range []string{"## 2024-08-31\n\na\n", "## 2024-08-31\n\nb\n", "## 2024-08-31 x\n\nc\n"} {
		if got := again(t, dir, Stdin, text); got != "written" {
			t.Errorf("%q is %s", text, got)
		}
	}
	if got := again(t, dir, Stdin, "## 2024-08-31 x\n\nmore\n"); got != "changed" {
		t.Errorf("the same title is %s", got)
	}
}

func TestNumbersOfForges(t *testing.T) {
	deployment := `{"id":%s,"environment":"production","sha":"3f2c9ab0","created_at":"2024-08-31T12:30:00Z"}`
	status := `{"state":"success","created_at":"2024-08-31T12:39:00Z","deployment_url":"https://api.github.com/repos/example/shop/deployments/1"}`
	for id, want := range map[string]string{
		"1": "1", "1.0": "1", "1e0": "1", `"1"`: "1", `"1e0"`: "1e0", "1.5": "1.5",
		"123456789012345678901": "123456789012345678901", "9007199254740993": "9007199254740993", "1e999": "1e999",
	} {
		r := Read([]Source{{"d.json", []byte("[" + fmt.Sprintf(deployment, id) + "," + status + "]")}}, Options{})
		if len(r.Drafts) != 1 || r.Drafts[0].ID != deploymentID+want || (r.Drafts[0].Status != "") != (want == "1") {
			t.Errorf("%s: %+v", id, r.Drafts)
		}
	}
	r := Read([]Source{{"d.json", []byte("[" + fmt.Sprintf(deployment, "1") + "," + fmt.Sprintf(deployment, "1.0") + "]")}}, Options{})
	if len(r.Drafts) != 1 {
		t.Errorf("1 and 1.0 are %d deployments", len(r.Drafts))
	}
}
