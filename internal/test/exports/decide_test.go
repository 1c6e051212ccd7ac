package exports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// decide lets people decide on notes of a project, in records of any time and in the
// checklist: the same each time. They contradict each other, and themselves.
func (p project) decide(t *testing.T, template string) {
	type row struct{ ID, Record, Kind, Text, File string }
	export := func(table string) (rows []row) {
		cmd := exec.Command(filepath.Join(bin, "built", "deploysite"), "export", table) // not the one that answers once
		cmd.Dir = p.dir
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(out) {
			var r row
			if err := json.Unmarshal(line, &r); err != nil {
				t.Fatal(err)
			}
			rows = append(rows, r)
		}
		return rows
	}
	records, notes := export("records"), export("notes")
	said := map[string][]string{} // by kind and text: the names of the notes
	for _, n := range notes {
		said[n.Kind+" "+n.Text] = append(said[n.Kind+" "+n.Text], n.Record+"#"+n.ID)
	}
	var texts []string // the 15 of each kind that are said most often, so that what is decided meets
	for _, kind := range []string{"issue", "lesson", "tip"} {
		of := slices.DeleteFunc(slices.Sorted(maps.Keys(said)), func(text string) bool { return !strings.HasPrefix(text, kind+" ") })
		slices.SortStableFunc(of, func(a, b string) int { return len(said[b]) - len(said[a]) })
		texts = append(texts, of[:min(15, len(of))]...)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	ref := func() string { all := said[texts[rng.IntN(len(texts))]]; return all[rng.IntN(len(all))] }
	added := map[string]string{}
	const back = 5
	for _, text := range texts[:back] { // issues that the checklist has a step for, which the record that met them again had, too
		all := said[text]
		if len(all) < 2 {
			t.Fatalf("%q is said %d times", text, len(all))
		}
		id, _, _ := strings.Cut(all[len(all)-2], "#")
		had := records[slices.IndexFunc(records, func(r row) bool { return r.ID == id })].File
		for _, file := range []string{template, had} {
			added[file] += fmt.Sprintf("\n## Rings\n\n- ✅ **Ring twice**: at the door <!-- issue: %s -->\n\n## Later\n\n", all[len(all)-1])
		}
	}
	texts = texts[back:]
	for range 400 {
		file := template
		if rng.IntN(8) > 0 {
			file = records[rng.IntN(len(records))].File
		}
		step := []string{"Ask first", "Look twice", "Warm it"}[rng.IntN(3)]
		switch rng.IntN(10) {
		default:
			added[file] += fmt.Sprintf("- [ ] **%s**: before all else <!-- lesson: %s -->\n", step, ref())
		case 0:
			added[file] += fmt.Sprintf("- ✅ **%s**: before all else <!-- %s -->\n", step, ref())
		case 1, 2, 3:
			added[file] += fmt.Sprintf("- That is gone — dismissed by Ada Park: no use any more, said in May <!-- tip: %s dismissed -->\n", ref())
		case 4:
			added[file] += fmt.Sprintf("\n<!-- %s: %s %s -->\n\n", []string{"same", "apart"}[rng.IntN(2)], ref(), ref())
		case 5:
			added[file] += fmt.Sprintf("- It is spoken of, and no more <!-- %s -->\n", ref())
		}
	}
	heading := []string{"Taken up", "From earlier deployments"}
	for file, text := range added {
		path := filepath.Join(p.dir, file)
		before, err := os.ReadFile(path)
		if err != nil && file != template {
			t.Fatal(err)
		}
		text = strings.TrimRight(string(before), "\n") + "\n\n## " + heading[len(text)%2] + "\n\n" + text
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
