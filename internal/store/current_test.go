package store

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/test/generate"
)

// checklists is a folder with records, by their IDs.
func checklists(records map[string]string) Folder {
	fsys := fstest.MapFS{}
	for id, source := range records {
		fsys["checklists/"+id+"-deployment.md"] = &fstest.MapFile{Data: []byte(source)}
	}
	return Folder{FS: fsys, Dir: "checklists", Now: time.Date(2024, 1, 3, 12, 0, 0, 0, time.UTC)}
}

func by(name, status string) string {
	return "---\nstatus: " + status + "\ndeployer: " + name + "\n---\n"
}

// person gives both names of Ada one.
func person(name string) string {
	if name == "ada" {
		return "Ada Park"
	}
	return name
}

func TestCurrent(t *testing.T) {
	const unnamed = "# T\n- [ ] a\n"
	for name, test := range map[string]struct {
		records  map[string]string
		deployer string
		want     string // the current one, or the candidates in parentheses
	}{
		"none":                {nil, "Ada Park", "()"},
		"all finished":        {map[string]string{"2024-01-01-10-00": by("Ada Park", "succeeded")}, "Ada Park", "()"},
		"the newest":          {map[string]string{"2024-01-01-10-00": by("Ada Park", "running"), "2024-01-02-10-00": by("Ada Park", "running"), "2024-01-03-10-00": by("Ada Park", "failed")}, "Ada Park", "2024-01-02-10-00"},
		"an older one":        {map[string]string{"2024-01-01-10-00": by("ada", "in-progress"), "2024-06-02-10-00": by("Ben", "in-progress"), "2024-06-03-10-00": by("Ada Park", "failed")}, "Ada Park", "2024-01-01-10-00"},
		"two names":           {map[string]string{"2024-01-01-10-00": by("[Ben, Ada Park]", "in-progress")}, "ada", "2024-01-01-10-00"},
		"by its date":         {map[string]string{"2024-01-02-10-00": "---\ndate: 2024-01-01T09:00:00Z\ndeployer: ada\nstatus: running\n---\n", "2024-01-01-10-00": by("ada", "in-progress")}, "ada", "2024-01-01-10-00"},
		"by its offset":       {map[string]string{"2024-01-01-23-00": "---\ndate: 2024-01-01T23:00:00+12:00\ndeployer: ada\nstatus: running\n---\n", "2024-01-01-13-00": by("ada", "in-progress")}, "ada", "2024-01-01-13-00"},
		"of one moment":       {map[string]string{"2024-01-01-10-00": by("ada", "in-progress"), "2024-01-01-10-00-2": by("ada", "in-progress")}, "ada", "(2024-01-01-10-00-2 2024-01-01-10-00)"},
		"of another":          {map[string]string{"2024-01-01-10-00": by("Ben", "in-progress")}, "ada", "(2024-01-01-10-00)"},
		"of nobody":           {map[string]string{"2024-01-03-10-00": unnamed}, "ada", "2024-01-03-10-00"},
		"two of nobody":       {map[string]string{"2024-01-02-14-00": unnamed, "2024-01-03-10-00": unnamed}, "ada", "(2024-01-03-10-00 2024-01-02-14-00)"},
		"nobody's newer":      {map[string]string{"2024-01-01-10-00": by("ada", "in-progress"), "2024-01-03-10-00": unnamed}, "ada", "(2024-01-03-10-00 2024-01-01-10-00)"},
		"nobody's older":      {map[string]string{"2024-01-03-10-00": by("ada", "in-progress"), "2024-01-02-14-00": unnamed}, "ada", "2024-01-03-10-00"},
		"who is that":         {map[string]string{"2024-01-01-10-00": by("Ben", "in-progress"), "2024-01-02-10-00": by("ada", "failed")}, "", "2024-01-01-10-00"},
		"one of two":          {map[string]string{"2024-01-01-10-00": by("Ben", "in-progress"), "2024-01-03-10-00": unnamed}, "", "(2024-01-03-10-00 2024-01-01-10-00)"},
		"broken, same minute": {map[string]string{"2024-01-01-10-00": "---\ndate: 2024-01-01T10:00:40Z\nstatus: in-progress\ndeployer: ada\n---\n", "2024-01-01-10-00-2": "---\nstatus: in-progress\ndeployer: [ada\n---\n"}, "ada", "(2024-01-01-10-00 2024-01-01-10-00-2!)"},
		"broken, zone west":   {map[string]string{"2024-01-01-10-00": "---\ndate: 2024-01-01T10:00:40-05:00\nstatus: in-progress\ndeployer: ada\n---\n", "2024-01-01-10-01": "---\nstatus: in-progress\ndeployer: [ada\n---\n"}, "ada", "(2024-01-01-10-00 2024-01-01-10-01!)"},
		"broken, newer":       {map[string]string{"2024-01-01-10-00": by("ada", "in-progress"), "2024-01-02-10-00": "---\nstatus: in-progress\ndeployer: [ada\n---\n"}, "ada", "(2024-01-02-10-00! 2024-01-01-10-00)"},
		"broken, older":       {map[string]string{"2024-01-02-10-00": by("ada", "in-progress"), "2024-01-01-10-00": "---\ndeployer: [ada\n---\n"}, "ada", "2024-01-02-10-00"},
		"broken alone":        {map[string]string{"2024-01-01-10-00": "{\"status\": \"in-progress\",\n}\n"}, "ada", "(2024-01-01-10-00!)"},
		"not UTF-8":           {map[string]string{"2024-01-01-10-00": "\xff\xfe#\x00"}, "", "(2024-01-01-10-00!)"},
		"an odd byte":         {map[string]string{"2024-01-01-10-00": by("ada", "in-progress") + "a log: \xff\n"}, "ada", "2024-01-01-10-00"},
		"unknown status":      {map[string]string{"2024-01-01-10-00": by("ada", "finsihed")}, "ada", "(2024-01-01-10-00!)"},
		"a bad link":          {map[string]string{"2024-01-01-10-00": "---\nstatus: succeeded # ok\nlinks: {a: x}\n---\n"}, "ada", "()"},
		// Of these nobody wrote that they are in progress, and they are too old for it.
		"old ones":           {map[string]string{"2024-01-01-10-00": unnamed, "2024-01-02-10-00": unnamed, "2023-01-02": unnamed}, "ada", "()"},
		"an old one of hers": {map[string]string{"2023-03-11": "# T\n- **Operator**: ada\n- **Status**: went out in the evening\n"}, "ada", "()"},
		"old, with a date":   {map[string]string{"2024-01-01-10-00": "---\ndate: 2024-01-03T10:00:00Z\n---\n", "2024-01-03-11-00": "---\ndate: 2024-01-02T10:00:00Z\n---\n"}, "ada", "2024-01-01-10-00"},
		"of yesterday":       {map[string]string{"2024-01-02": unnamed, "2024-01-01": unnamed}, "ada", "2024-01-02"},
		"written, and old":   {map[string]string{"2019-01-01": "# T\n- Status: running\n", "2019-02-01": unnamed}, "ada", "2019-01-01"},
		"ended, open steps":  {map[string]string{"2019-01-01-10-00": unnamed + "\n## Metrics\n\n- End: 2019-01-01 11:00\n"}, "ada", "()"},
		"imported":           {map[string]string{"2024-01-03-10-00": "---\nimported_id: text-1\nlinks: {a: x}\n---\n"}, "ada", "()"},
		"imported, going on": {map[string]string{"2024-01-03-10-00": "---\nimported_id: text-1\n---\n\n- **Deployment Status**: running\n"}, "ada", "2024-01-03-10-00"},
		"legacy":             {map[string]string{"2024-01-01-10-00": "# T\n- **Operator**: ada\n- **Status**: ✅ done\n", "2024-01-02-10-00": "# T\n- **Operator**: ada\n- **Status**: 🚧 IN PROGRESS\n"}, "ada", "2024-01-02-10-00"},
	} {
		choice, err := checklists(test.records).Current(test.deployer, person)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := choiceText(choice); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func choiceText(c Choice) string {
	if c.Record != nil {
		return c.Record.ID
	}
	var ids []string
	for _, o := range c.Candidates {
		id := o.ID()
		if o.Trouble != nil {
			id += "!"
		}
		ids = append(ids, id)
	}
	return "(" + strings.Join(ids, " ") + ")"
}

// TestCurrentIsLazy: of a long history only so much is read as is needed.
func TestCurrentIsLazy(t *testing.T) {
	history := map[string]string{}
	for i := range 100 {
		history[fmt.Sprintf("2024-01-%02d-%02d-00", 1+i/10, i%10)] = by("Ada Park", "succeeded")
	}
	history["2024-01-10-08-00"] = by("Ada Park", "in-progress")
	f := checklists(history)
	f.Now = time.Date(2024, 1, 10, 12, 0, 0, 0, time.UTC)
	names, err := f.Names()
	if err != nil || len(names) != 100 || names[0] != "2024-01-10-09-00-deployment.md" {
		t.Fatalf("%v, %v", names, err)
	}
	read := &countingFS{MapFS: f.FS.(fstest.MapFS)}
	f.FS = read
	choice, err := f.Current("Ada Park", person)
	if err != nil || choiceText(choice) != "2024-01-10-08-00" {
		t.Errorf("%v, %v", choiceText(choice), err)
	}
	if diff := cmp.Diff(23, read.opened); diff != "" { // those of the two days before, and the one that is found in full
		t.Errorf("files were read: %s", diff)
	}
}

// TestCurrentLeavesSecretsAlone: where FS looks for secrets, it does so only in records
// that may be current, and only what it gives is shown.
func TestCurrentLeavesSecretsAlone(t *testing.T) {
	f := checklists(map[string]string{
		"2024-01-01-10-00": by("Ada Park", "succeeded"),
		"2024-01-02-10-00": by("Ada Park", "in-progress"),
		"2024-01-03-10-00": by("Ada Park", "failed"),
	})
	f.Heads = f.FS
	masked := checklists(map[string]string{"2024-01-02-10-00": by("Ada Park", "in-progress") + "# masked\n"}).FS.(fstest.MapFS)
	for name := range f.FS.(fstest.MapFS) { // must not be asked for
		if masked[name] == nil {
			masked[name] = &fstest.MapFile{Data: []byte(by("Ada Park", "in-progress"))}
		}
	}
	f.FS = masked
	choice, err := f.Current("Ada Park", person)
	if err != nil || choiceText(choice) != "2024-01-02-10-00" || choice.Record.Title.Value != "masked" {
		t.Errorf("%v, %v", choiceText(choice), err)
	}
}

// countingFS counts the files that are opened.
type countingFS struct {
	fstest.MapFS
	opened int
}

func (c *countingFS) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".md") {
		c.opened++
	}
	return c.MapFS.Open(name)
}

// BenchmarkCurrent looks for the current record in ten thousand: of somebody who
// has one, and of somebody who has none, for whom all must be looked at.
func BenchmarkCurrent(b *testing.B) {
	dir := b.TempDir()
	if err := generate.Project(dir, 10_000, generate.Options{}); err != nil {
		b.Fatal(err)
	}
	f := Folder{FS: os.DirFS(dir), Dir: "deployments/checklists"}
	newest, err := f.Current("", person)
	if err != nil || len(newest.Candidates) == 0 {
		b.Fatal(newest, err)
	}
	for name, deployer := range map[string]string{"found": newest.Candidates[0].Record.Deployers[0].Value, "none": "Nobody"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if choice, err := f.Current(deployer, person); err != nil || (choice.Record == nil) == (name == "found") {
					b.Fatal(choiceText(choice), err)
				}
			}
		})
	}
}
