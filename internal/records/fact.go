package records

import "strings"

// Fact is what the record says under a key of the front matter, by its name or an
// alias, in one line; "" where it says nothing. Facts that the body may tell as well
// count wherever they stand. Lists are joined by commas.
func (r *Record) Fact(name string) string {
	if k := keyOf(name); k != nil {
		if of := toldOf[k.name]; of != nil {
			return of(r)
		}
	}
	for _, f := range r.Extra {
		if underscores.Replace(strings.ToLower(f.Name)) == underscores.Replace(strings.ToLower(name)) {
			return strings.TrimSpace(f.Value.Plain())
		}
	}
	return ""
}

// toldOf are the facts that more than the front matter tells.
var toldOf = map[string]func(*Record) string{
	"title":       func(r *Record) string { return r.Title.Value },
	"date":        func(r *Record) string { return r.Started.ISO() },
	"finished":    func(r *Record) string { return r.Finished.ISO() },
	"status":      func(r *Record) string { return string(r.Status) },
	"deployer":    func(r *Record) string { return strings.Join(Values(r.Deployers), ", ") },
	"service":     func(r *Record) string { return strings.Join(Values(r.Services), ", ") },
	"environment": func(r *Record) string { return r.Environment.Value },
	"version":     func(r *Record) string { return r.Version.Value },
	"commit":      func(r *Record) string { return r.Commit.Value },
	"branch":      func(r *Record) string { return r.Branch.Value },
	"tags":        func(r *Record) string { return strings.Join(Values(r.Tags), ", ") },
	"rollback_of": func(r *Record) string { return r.RollbackOf.Value },
	"fixes":       func(r *Record) string { return r.Fixes.Value },
	"approved_by": func(r *Record) string { return strings.Join(Values(r.ApprovedBy), ", ") },
	"links": func(r *Record) string {
		return strings.Join(each(r.Links, func(l Link) string { return l.URL }), ", ")
	},
}
