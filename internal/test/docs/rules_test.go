package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/problem"
)

// TestProblemsHaveRules holds the code to the table of rules: a problem is made by
// its rule, each rule that is named is in the table, and each one there is used.
func TestProblemsHaveRules(t *testing.T) {
	declared, used := declaredRules(t), map[string]bool{}
	eachFile(t, func(name string, set *token.FileSet, file *ast.File) {
		home := strings.HasSuffix(filepath.Dir(name), "internal/problem")
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if !home && makesProblem(n) {
					t.Errorf("%s: a problem is made without a rule; write problem.RULE.At(…) or In(…)", set.Position(n.Pos()))
				}
			case *ast.CallExpr:
				if !home && isName(n.Fun, "problem", "Rule") && isLiteral(n.Args[0]) {
					t.Errorf("%s: a rule is made here; its place is internal/problem/rules.go", set.Position(n.Pos()))
				}
			case *ast.SelectorExpr:
				if isName(n.X, "problem") {
					used[n.Sel.Name] = true
				} else if x, ok := n.X.(*ast.Ident); ok && home {
					used[x.Name] = true
				}
			}
			return true
		})
	})
	for name := range declared {
		if !used[name] {
			t.Errorf("no code reports problem.%s; take the rule out", name)
		}
	}
	if len(declared) != len(problem.Rules()) {
		t.Errorf("%d variables are rules, and %d rules are in the table; two have one name, or one is made elsewhere", len(declared), len(problem.Rules()))
	}
}

// TestRulesAreExplained holds the guide to the table of rules: each has a section with
// its sentence, what to do, and an example.
func TestRulesAreExplained(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs/guide/check.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, section := range strings.Split(string(page), "\n### ")[1:] {
		name, text, _ := strings.Cut(section, "\n")
		sections[name], _, _ = strings.Cut(text, "\n## ")
	}
	for _, about := range problem.Rules() {
		section, severity := sections[string(about.Rule)], map[problem.Severity]string{problem.Error: "*Error.* ", problem.Warning: "*Warning.* "}[about.Severity]
		if !strings.Contains(section, about.Text) || !strings.Contains(section, severity) || !strings.Contains(section, "```text\n") {
			t.Errorf("docs/guide/check.md: the section %q lacks %q, %q or an example", about.Rule, about.Text, severity)
		}
		if strings.Contains(section, "`--fix` ") != about.Fix {
			t.Errorf("docs/guide/check.md: the section %q is wrong about --fix", about.Rule)
		}
		delete(sections, string(about.Rule))
	}
	for name := range sections {
		t.Errorf("docs/guide/check.md: there is no rule %q", name)
	}
}

// eachFile parses each file of the program, tests apart.
func eachFile(t *testing.T, do func(string, *token.FileSet, *ast.File)) {
	set := token.NewFileSet()
	for _, dir := range []string{"../../../internal", "../../../cmd"} {
		err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
			if err == nil {
				do(name, set, file)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// declaredRules are the variables that internal/problem makes by rule(…).
func declaredRules(t *testing.T) map[string]bool {
	file, err := parser.ParseFile(token.NewFileSet(), "../../../internal/problem/rules.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if call, ok := spec.Values[0].(*ast.CallExpr); ok && isName(call.Fun, "rule") {
				names[spec.Names[0].Name] = true
			}
		}
		return true
	})
	return names
}

// makesProblem reports whether a literal fills in a Problem; its type may be left
// out, as in a list of them.
func makesProblem(lit *ast.CompositeLit) bool {
	keys := map[string]bool{}
	for _, e := range lit.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				keys[key.Name] = true
			}
		}
	}
	return len(keys) > 0 && isName(lit.Type, "problem", "Problem") || keys["Message"] && (keys["Severity"] || keys["Hint"])
}

func isLiteral(e ast.Expr) bool {
	_, ok := e.(*ast.BasicLit)
	return ok
}

// isName reports whether an expression is a name, of a package or of our own.
func isName(e ast.Expr, name ...string) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return len(name) == 1 && e.Name == name[0]
	case *ast.SelectorExpr:
		return len(name) == 2 && isName(e.X, name[0]) && e.Sel.Name == name[1]
	}
	return false
}
