package records

import (
	"fmt"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/problem"
)

func TestNamesAreBounded(t *testing.T) {
	list := func(n int) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf("n%04d", i+1)
		}
		return strings.Join(all, ", ")
	}
	read := func(front string) *Record {
		return Parse("2024-08-31-14-30-deployment.md", []byte("---\nstatus: succeeded\n"+front+"\n---\n"), Options{})
	}
	for key, got := range map[string]func(*Record) int{
		"services":  func(r *Record) int { return len(r.Services) },
		"tags":      func(r *Record) int { return len(r.Tags) },
		"deployers": func(r *Record) int { return len(r.Deployers) },
	} {
		for _, form := range []string{"%s: [%s]", "%s: %s"} {
			for n, want := range map[int]int{MaxNames: MaxNames, MaxNames + 1: MaxNames, 9000: MaxNames} {
				r := read(fmt.Sprintf(form, key, list(n)))
				if len(r.Title.Value) > 1000 || got(r) > want || form == "%s: [%s]" && got(r) != want {
					t.Errorf("%s, %d names, written as %q: %d are read, want %d", key, n, form, got(r), want)
				}
				if form == "%s: [%s]" && hasRule(r, problem.ManyNames) != (n > MaxNames) {
					t.Errorf("%s, %d names: the problems are %v", key, n, r.Problems)
				}
			}
		}
	}
	r := read("tags: [" + list(53) + "]")
	if want := "only the first 50 tags are read; left out: n0051, n0052, n0053"; len(r.Problems) != 1 || r.Problems[0].Message != want || r.Problems[0].Line != 3 {
		t.Errorf("the problems are %v, want one in line 3: %s", r.Problems, want)
	}
	for key, of := range map[string]func(*Record) string{
		"title": func(r *Record) string { return r.Title.Value }, "version": func(r *Record) string { return r.Version.Value },
		"service": func(r *Record) string { return r.Services[0].Value }, "environment": func(r *Record) string { return r.Environment.Value },
	} {
		if r := read(key + ": " + strings.Repeat("é", 5000)); len([]rune(of(r))) > 500 || !hasRule(r, problem.LongName) || !strings.HasSuffix(of(r), "…") {
			t.Errorf("a long %s is read as %d characters; the problems are %v", key, len([]rune(of(r))), r.Problems)
		}
	}
	if r := read("title: A title of a common length\nversion: " + strings.Repeat("1", 200)); len(r.Problems) > 0 {
		t.Error(r.Problems)
	}
}

// The page of a record in a folder called like a device of Windows has a name that
// each system allows.
func TestDeviceNames(t *testing.T) {
	for name, want := range map[string]string{
		"aux/2024-08-31-14-30-deployment.md": "aux-.2024-08-31-14-30",
		"COM1/2024-08-31.md":                 "COM1-.2024-08-31",
		"auxiliary/2024-08-31.md":            "auxiliary.2024-08-31",
		"shop/aux/2024-08-31.md":             "shop.aux.2024-08-31",
	} {
		if id, _, ok := ParsePath(name); id != want || !ok {
			t.Errorf("%s has the ID %q, want %q", name, id, want)
		}
	}
}
