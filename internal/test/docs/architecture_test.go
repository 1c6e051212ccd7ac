package docs

import (
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notDrawn are the small packages that the page lists below the picture.
var notDrawn = []string{"words", "git", "watch", "disk", "parallel", "secrets", "tty", "version"}

// TestPicture holds the picture of the packages to the code: each arrow is an import,
// and each import follows from the arrows.
func TestPicture(t *testing.T) {
	page, err := os.ReadFile("../../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	arrows := drawn(string(page))
	imports := imported(t)
	if len(arrows) < 10 || len(imports) < 20 {
		t.Fatalf("%d nodes with arrows, %d packages; the page or this test has changed", len(arrows), len(imports))
	}
	for _, from := range slices.Sorted(maps.Keys(arrows)) {
		for _, to := range arrows[from] {
			if !slices.Contains(imports[from], to) {
				t.Errorf("the picture has an arrow from %s to %s, which it does not import", from, to)
			}
		}
	}
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		below := reached(arrows, from)
		for _, to := range imports[from] {
			if !below[to] && !slices.Contains(notDrawn, to) && !slices.Contains(notDrawn, from) {
				t.Errorf("%s imports %s, and no arrows of the picture lead there", from, to)
			}
		}
	}
}

var arrow = regexp.MustCompile(`(?m)^  (\w[\w &>-]*-->[\w &>-]*)$`)

// drawn are the arrows of the first diagram: package → packages.
func drawn(page string) map[string][]string {
	_, diagram, _ := strings.Cut(page, "```mermaid\n")
	diagram, _, _ = strings.Cut(diagram, "```")
	arrows := map[string][]string{}
	for _, line := range arrow.FindAllString(diagram, -1) {
		stops := strings.Split(line, "-->") // "a --> b & c --> d"
		for i := range stops[1:] {
			for _, from := range nodes(stops[i]) {
				arrows[from] = append(arrows[from], nodes(stops[i+1])...)
			}
		}
	}
	return arrows
}

func nodes(list string) (all []string) {
	for name := range strings.SplitSeq(list, "&") {
		all = append(all, strings.TrimSpace(name))
	}
	return all
}

// imported are the packages of this module that each of the product's imports.
func imported(t *testing.T) map[string][]string {
	const module = "github.com/deploysite/deploysite/"
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", module+"cmd/...", module+"internal/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	name := func(path string) string {
		path = strings.TrimPrefix(strings.TrimPrefix(path, module), "internal/")
		path, _, _ = strings.Cut(strings.TrimPrefix(path, "cmd/"), "/")
		return path
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		paths := strings.Fields(line)
		from := name(paths[0])
		if from == "test" {
			continue
		}
		for _, path := range paths[1:] {
			if to := name(path); strings.HasPrefix(path, module+"internal/") && to != from && !slices.Contains(all[from], to) {
				all[from] = append(all[from], to)
			}
		}
	}
	return all
}

func reached(arrows map[string][]string, from string) map[string]bool {
	seen := map[string]bool{}
	for next := []string{from}; len(next) > 0; {
		at := next[0]
		next = next[1:]
		for _, to := range arrows[at] {
			if !seen[to] {
				seen[to] = true
				next = append(next, to)
			}
		}
	}
	return seen
}
