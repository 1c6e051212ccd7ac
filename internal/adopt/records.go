package adopt

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// records finds the folder with the records.
func (p *planner) records() {
	usual := project.Default().Records
	groups := p.recordFolders()
	here := p.config.Records
	if !p.facts.Configured && here == usual && len(groups) > 0 && !p.holdsRecords(usual) {
		here = groups[0].folder
	}
	if here != p.config.Records {
		p.config.Records = here
		p.settings = append(p.settings, setting{"records", here, "the folder that the records are in"})
	}
	if p.tree.hasFolder(here) {
		p.describeRecords(here)
	}
	p.otherFolders(groups, here)
}

func (p *planner) holdsRecords(folder string) bool {
	return slices.ContainsFunc(p.tree.files, func(name string) bool {
		return strings.HasPrefix(name, folder+"/") && records.IsName(path.Base(name))
	})
}

// group is a folder with its records and those of the folders below it.
type group struct {
	folder string
	files  []string
}

// recordFolders finds the folders that hold records of deployments, the one with
// the most first. A date in a name does not make a record: blogs and minutes have
// them too. The folder or the file has to speak of deployments.
func (p *planner) recordFolders() []group {
	byFolder := map[string][]string{}
	for _, name := range p.tree.files {
		base := path.Base(name)
		if !records.IsName(base) || !speaksOfDeployments(name) {
			continue
		}
		folder := recordFolder(path.Dir(name))
		byFolder[folder] = append(byFolder[folder], name)
	}
	p.atTop = byFolder["."]
	var groups []group
	for folder, files := range byFolder {
		if folder != "." && p.isOfDeployments(folder, len(files)) && p.areRecords(folder, files) {
			groups = append(groups, group{folder, files})
		}
	}
	groups = joinNested(groups)
	slices.SortFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(len(b.files), len(a.files)), cmp.Compare(a.folder, b.folder))
	})
	return groups
}

// isOfDeployments reports whether a folder is called so, or most of the dated files in it
// are: a build reads them all, and sessions and minutes are no deployments.
func (p *planner) isOfDeployments(folder string, speaking int) bool {
	dated := 0
	for _, name := range p.tree.files {
		if strings.HasPrefix(name, folder+"/") && records.IsName(path.Base(name)) {
			dated++
		}
	}
	return 2*speaking > dated || slices.ContainsFunc(strings.Split(folder, "/"), speaksOf)
}

// areRecords reports whether dated files are records and not release notes or the
// like: some of them have steps or notes, or say who deployed or how it ended.
func (p *planner) areRecords(folder string, files []string) bool {
	if strongWords.in(folder) || strongWords.in(path.Base(files[0])) {
		return true
	}
	const some = 5
	return slices.ContainsFunc(files[:min(some, len(files))], func(name string) bool {
		r := records.Parse(name, p.tree.read(name), records.Options{})
		return len(r.Steps)+len(r.Notes)+len(r.Deployers) > 0 || r.StatusFrom == records.FromBody
	})
}

// notRecords are words for folders whose dated files are something else, even if
// their names speak of deployments.
var notRecords = words("post posts blog news meeting* minutes adr adrs rfc* journal changelog* changes incident* postmortem* retro* decisions research plans specs sprint* session* handoff*")

// studyWords are words for folders with studies. One among them, or among reports, may be of a deployment.
var studyWords = words("analys* audit* benchmark* baseline*")

func speaksOfDeployments(name string) bool {
	folder, base := path.Split(name)
	if incidentWords.in(base) {
		return false
	}
	about, reports := false, false
	for part := range strings.SplitSeq(strings.Trim(folder, "/"), "/") {
		if notRecords.in(part) {
			return false
		}
		about = about || speaksOf(part)
		reports = reports || reportWords.in(part) || studyWords.in(part)
	}
	return about || speaksOf(base) && !reports
}

// recordFolder is the folder to read the records of dir from: the nearest that
// speaks of deployments, so that folders by year and by service below it go
// together; where none does, dir without its folders by year.
func recordFolder(dir string) string {
	for at := dir; at != "."; at = path.Dir(at) {
		if speaksOf(path.Base(at)) {
			return at
		}
		if base := strings.ToLower(path.Base(at)); base == "checklists" || base == "log" || base == "logs" || base == "records" || base == "history" {
			return at
		}
	}
	for at := dir; at != "."; at = path.Dir(at) {
		if id, _, _ := records.ParsePath(path.Base(at) + "/2024-08-31.md"); id != "2024-08-31" {
			return at
		}
	}
	return dir
}

// joinNested puts a folder below another one into that.
func joinNested(groups []group) (joined []group) {
	slices.SortFunc(groups, func(a, b group) int { return cmp.Compare(a.folder, b.folder) })
	for _, g := range groups {
		at := slices.IndexFunc(joined, func(above group) bool { return strings.HasPrefix(g.folder, above.folder+"/") })
		if at < 0 {
			joined = append(joined, g)
			continue
		}
		joined[at].files = append(joined[at].files, g.files...)
	}
	return joined
}

// maxLoaded is how many records are parsed at most to find problems in them.
const maxLoaded = 3000

// describeRecords says what is in the records' folder, as a build will read it.
func (p *planner) describeRecords(folder string) {
	names, err := store.Folder{FS: p.tree.fsys, Dir: folder}.Names()
	if err != nil {
		p.left("records", folder, err.Error())
		return
	}
	if len(names) > maxLoaded {
		p.found("records", folder, text.Count(len(names), "record")+", too many to look into now")
		p.problems = -1
		return
	}
	history, err := store.Load(context.Background(), p.tree.fsys, folder, records.Options{Location: p.config.Location, Service: p.config.Service},
		func(*records.Record) {})
	if err != nil {
		p.left("records", folder, err.Error())
		return
	}
	p.problems = len(history.Problems)
	what := text.Count(len(names), "record")
	if len(names) > 0 && !records.IsStandardName(path.Base(names[0])) {
		what += ", such as " + path.Base(names[0])
	}
	p.found("records", folder, what)
	p.leftProblems("records", folder, history.Problems)
	p.nameService(folder, history.Records)
	p.imports = map[string]bool{}
	for _, r := range history.Records {
		for _, f := range r.Extra {
			if f.Name == records.KeyImportedFrom {
				p.imports[f.Value.Text] = true
			}
		}
	}
}

// nameService says how to give records a service where none was found. Whether all are of
// the same one nobody can tell here. New records take the repository's name: without the
// line they would be of another service than these.
func (p *planner) nameService(folder string, all []*records.Record) {
	if len(all) == 0 || slices.ContainsFunc(all, func(r *records.Record) bool { return len(r.Services) > 0 }) {
		return
	}
	name := "…"
	if p.facts.Remote != "" {
		name = path.Base(p.facts.Remote)
	}
	p.left("records", folder, "no service was found among the facts of the records; if all are of one, service = "+quoted(name)+" in "+project.ConfigName+" says so for them and for new ones")
}

func (p *planner) leftProblems(kind, folder string, problems []problem.Problem) {
	for i, problem := range problems {
		if i == maxNamed {
			p.left(kind, folder, fmt.Sprintf("%s more; deploysite build lists them all", text.Count(len(problems)-i, "problem")))
			break
		}
		at := problem.File
		if problem.Line > 0 {
			at = fmt.Sprintf("%s:%d", at, problem.Line)
		}
		p.left(kind, at, problem.Message)
	}
}

// isClean reports whether a build finds nothing wrong, in the records and in all that
// it reads besides them: only then a workflow may be strict.
func (p *planner) isClean() bool {
	if p.problems < 0 || p.facts.Problems == nil {
		return p.problems == 0
	}
	found, err := p.facts.Problems(p.config)
	if err != nil {
		p.left("workflow", "", "a build fails as things are: "+err.Error())
		return false
	}
	p.leftProblems("problem", "", slices.DeleteFunc(slices.Clone(found), func(found problem.Problem) bool {
		return strings.HasPrefix(found.File, p.config.Records+"/") // named already
	}))
	return len(found) == 0
}

// otherFolders names records that are not read.
func (p *planner) otherFolders(groups []group, here string) {
	for _, g := range groups {
		if g.folder == here || strings.HasPrefix(g.folder, here+"/") || strings.HasPrefix(here, g.folder+"/") {
			continue
		}
		what := text.Count(len(g.files), "file") + " with a record's name, such as " + path.Base(g.files[0]) + "; only " + here + " is read, so move them there if they are records"
		if p.facts.Configured && !p.holdsRecords(here) {
			what = text.Count(len(g.files), "record") + ", such as " + path.Base(g.files[0]) + "; put records = " + quoted(g.folder) + " into " + project.ConfigName + " to have them read"
		}
		p.left("records", g.folder, what)
	}
	if len(p.atTop) > 0 && here != "." {
		p.left("records", p.atTop[0], text.Count(len(p.atTop), "file")+" with a record's name outside of a folder; only "+here+" is read, so move it there if it is a record")
	}
	p.unreadable(here)
	p.incidents(here)
}

// incidents names the folders with reports on incidents. They are taken for no records,
// since a deployment was at most the cause, but teams may want them on the site.
func (p *planner) incidents(here string) {
	reports := map[string][]string{}
	for _, name := range p.tree.files {
		folder, base := path.Dir(name), path.Base(name)
		isText := records.IsMarkdown(base) && threeDigits().MatchString(base) || records.IsOtherMarkup(base)
		if isText && incidentWords.in(path.Base(folder)) && folder != here && !strings.HasPrefix(folder, here+"/") {
			reports[folder] = append(reports[folder], name)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(reports)) {
		files := reports[folder]
		if len(files) < 2 {
			continue
		}
		what := text.Count(len(files), "report") + " on incidents, such as " + path.Base(files[0]) + ", which are no records of deployments. If the site is to show them, put records = " + quoted(folder) + " into " + project.ConfigName
		switch {
		case slices.ContainsFunc(files, func(name string) bool { return records.IsName(path.Base(name)) }):
		case records.IsOtherMarkup(path.Base(files[0])):
			what += ", and write them in Markdown"
		default:
			what += ", and the day into their names"
		}
		p.left("records", folder, what)
	}
}

// threeDigits are in the name of one of many: a day, or "PM-2026-001".
var threeDigits = text.Pattern(`\d{3}`)

// unreadable names files that look like records and cannot be read as such.
func (p *planner) unreadable(here string) {
	others, dated := map[string][]string{}, map[string][]string{}
	for _, name := range p.tree.files {
		folder, base := path.Dir(name), path.Base(name)
		plain, isPlain := strings.CutSuffix(strings.ToLower(base), ".txt")
		switch {
		case records.IsOtherMarkup(base) && p.tree.hasFolder(here) && strings.HasPrefix(name, here+"/"): // a problem of the records, named with them
		case (records.IsOtherMarkup(base) || isPlain && records.IsName(plain+".md")) && speaksOfDeployments(name):
			others[folder] = append(others[folder], name)
		case strings.HasPrefix(strings.ToLower(base), "readme"): // of whatever lies in that folder
		case records.IsMarkdown(base) && records.IsName(path.Base(folder)+".md") && !records.IsName(base) && speaksOf(path.Base(path.Dir(folder))):
			dated[path.Dir(folder)] = append(dated[path.Dir(folder)], name)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(others)) {
		p.left("records", folder, text.Count(len(others[folder]), "file")+" not in Markdown, such as "+path.Base(others[folder][0])+"; a record's name ends in .md")
	}
	for _, folder := range slices.Sorted(maps.Keys(dated)) {
		first := dated[folder][0]
		p.left("records", folder, text.Count(len(dated[folder]), "file")+" in folders named by a day, such as "+first+"; a record has the day in its own name: git mv "+
			text.ShellQuote(first)+" "+text.ShellQuote(path.Dir(first)+".md"))
	}
}
