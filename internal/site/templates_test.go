package site

import (
	"html/template"
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jba/templatecheck"

	"github.com/deploysite/deploysite/themes"
)

// pageStructs are what the page templates read, by their names.
var pageStructs = map[string]framed{
	"audit": AuditPage{}, "auditsample": AuditSample{}, "doc": DocPage{}, "document": DocumentPage{}, "documents": DocumentsPage{}, "home": HomePage{}, "lessons": LessonsPage{}, "metrics": MetricsPage{}, "metricsquarter": MetricsQuarter{},
	"notfound": NotFoundPage{}, "onboarding": OnboardingPage{}, "problems": ProblemsPage{}, "record": RecordPage{}, "review": ReviewPage{}, "reviews": ReviewsPage{},
	"search": SearchPage{}, "standing": StandingPage{}, "steps": StepsPage{}, "stepslist": StepsListPage{}, "term": TermPage{}, "terms": TermsPage{}, "timeline": TimelinePage{},
}

// TestTemplatesFitTheirStructs checks every name in every branch of a template
// against the struct that it reads. Pages are rendered from few records, so a
// misspelt field may stand in a branch that no other test takes.
func TestTemplatesFitTheirStructs(t *testing.T) {
	for _, name := range themes.Names {
		t.Run(name, func(t *testing.T) {
			theme, err := loadTheme(fstest.MapFS{}, name, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(slices.Sorted(maps.Keys(pageStructs)), slices.Sorted(maps.Keys(theme.templates))); diff != "" {
				t.Errorf("pages with a struct and templates: -structs +templates\n%s", diff)
			}
			check := func(in *template.Template, part string, data any) {
				in.Funcs(template.FuncMap{"not": func(any) bool { return false }}) // of the built-in one the argument is not checked
				if err := templatecheck.CheckHTMLStrict(in.Lookup(part), data); err != nil {
					t.Error(err)
				}
			}
			for page, data := range pageStructs {
				check(theme.templates[page], "main", data)
			}
			check(theme.row, "layout", Frame{})
			check(theme.row, "row", Row{})
			check(theme.row, "cell", BoardCell{})
			check(theme.row, "notemeta", Row{})
		})
	}
}
