package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// commands are the options of each command, by its name: the reference, which
// the commands' own tests hold to the commands, says them.
func commands(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "docs/guide/commands/deploy*.md"))
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	all := map[string][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".md"), "-", " ")
		all[name] = []string{"--help", "-h"}
		for _, row := range optionRow.FindAllString(string(text), -1) {
			all[name] = append(all[name], option.FindAllString(row, -1)...)
		}
	}
	return all
}

var (
	optionRow = regexp.MustCompile("(?m)^\\| `-[^|]*")
	option    = regexp.MustCompile(`--?[a-zA-Z][a-zA-Z-]*`)
	call      = regexp.MustCompile(`^\s*(?:\$ )?(?:[\w-]+=\$\()?(deploystart|deploysite)((?:\s|$|\)).*)`)
	quoted    = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']*'`)
	alone     = regexp.MustCompile(`^--?[a-z][a-z-]*(?: [A-Z]+)?$`)
)

// TestOptionsExist looks at every command line and every option in the guide.
func TestOptionsExist(t *testing.T) {
	all := commands(t)
	var every []string
	for _, options := range all {
		every = append(every, options...)
	}
	looked := 0
	for _, p := range guide(t) {
		p.walk(func(n ast.Node) {
			if language, text, ok := p.code(n); ok {
				if language != "sh" && language != "console" {
					return
				}
				for line := range strings.Lines(text) {
					looked += checkCall(t, p.file, line, all)
				}
				return
			}
			span, ok := n.(*ast.CodeSpan)
			if !ok {
				return
			}
			text := spanText(span, p.Source)
			looked += checkCall(t, p.file, text, all)
			if name := option.FindString(text); alone.MatchString(text) && !slices.Contains(every, name) && !slices.Contains(foreign, name) {
				t.Errorf("%s: no command has the option %s", p.file, text)
			}
		})
	}
	if looked < 50 {
		t.Errorf("only %d command lines were looked at", looked)
	}
}

// foreign are options of other programs, and the like, that the guide names alone.
var foreign = []string{"--depth", "--sparse", "--user", "--prerelease", "-deployment", "--slurp"}

func spanText(n *ast.CodeSpan, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if text, ok := c.(*ast.Text); ok {
			b.Write(text.Segment.Value(source))
		}
	}
	return b.String()
}

// checkCall checks a line that calls one of the commands, and counts it.
func checkCall(t *testing.T, file, line string, all map[string][]string) int {
	t.Helper()
	m := call.FindStringSubmatch(line)
	if m == nil {
		return 0
	}
	rest, _, _ := strings.Cut(quoted.ReplaceAllString(m[2], "TEXT"), " #")
	rest, _, _ = strings.Cut(rest, " -- ") // what follows is no option
	words := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t)[]|;<>", r) })
	name := m[1]
	for _, word := range words { // the longest name that the words make
		if all[name+" "+word] == nil {
			break
		}
		name += " " + word
	}
	if used := strings.Count(name, " "); name == "deploysite" && len(words) > used && !strings.HasPrefix(words[used], "-") && words[used] == strings.ToLower(words[used]) {
		t.Errorf("%s: there is no command %q", file, strings.TrimSpace(line))
	}
	for _, word := range words {
		flag, _, _ := strings.Cut(word, "=")
		if option.FindString(flag) == flag && flag != "" && !slices.Contains(all[name], flag) {
			t.Errorf("%s: %q: %s has no option %s", file, strings.TrimSpace(line), name, flag)
		}
	}
	return 1
}
