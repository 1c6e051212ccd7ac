package site

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/problem"
)

// markup is what checklists have besides the words that a reader sees: HTML, and
// the targets of links.
var markup = regexp.MustCompile(`</?[a-zA-Z][a-zA-Z0-9]*(\s[^<>]*)?/?>|\]\([^()]*\)|\[\^\d+\]:?`)

// TestChecklistPages: whatever the checklist looks like, its page has all of its
// words and its steps, and nobody is warned of anything.
func TestChecklistPages(t *testing.T) {
	files, _ := filepath.Glob("../records/testdata/checklists/*.md")
	if len(files) < 30 {
		t.Fatal("where are they?")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".md"), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, out := load(t, write(t, []txtar.File{{Name: "docs/deployment-checklist.md", Data: source}}))
			checkChecklistPage(t, s, string(source), mainOf(page(t, out, "checklist/index.html")))
		})
	}
}

func checkChecklistPage(t *testing.T, s *Site, source, main string) {
	problems := slices.DeleteFunc(slices.Clone(s.Problems), func(p problem.Problem) bool { return strings.Contains(p.Message, "reads as a result") })
	if found := len(s.sources[0].template.Steps) > 0; found != (len(problems) == 0) {
		t.Errorf("%d steps, problems: %v", len(s.sources[0].template.Steps), problems)
	}
	for _, step := range s.sources[0].template.Steps {
		if n := strings.Count(main, ` id="`+step.ID+`"`); n != 1 {
			t.Errorf("the id %s is %d times on the page", step.ID, n)
		}
	}
	if n := strings.Count(main, `class="step `); n != len(s.sources[0].template.Steps) {
		t.Errorf("%d steps, %d of them shown", len(s.sources[0].template.Steps), n)
	}
	text := visibleText(t, main)
	for _, word := range wordsOf(markup.ReplaceAllString(source, " ")) {
		if !text[word] && word != s.sources[0].template.Title.Value {
			t.Errorf("the page lacks the word %q", word)
		}
	}
}
