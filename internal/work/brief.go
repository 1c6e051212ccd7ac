package work

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"

	"github.com/deploysite/deploysite/internal/briefing"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// readAhead reads the newest records while git is asked. The function that it
// gives waits for them; the past is nil where no briefing is wanted.
func (n *New) readAhead() func() (*briefing.Past, error) {
	if n.NoBriefing || !n.Project.Config.Briefing {
		return func() (*briefing.Past, error) { return nil, nil }
	}
	spareMemory()
	return meanwhile(n.openPast)
}

// spareMemory lets a command that reads many records collect garbage seldom, and
// often once large ones have filled the memory.
func spareMemory() {
	debug.SetGCPercent(400) // what is read lives as long as the command, which is short
	debug.SetMemoryLimit(192 << 20)
}

// openPast reads the folder that the record will be written to, where links
// between records work. A configured one must not lead out of the project.
func (n *New) openPast() (*briefing.Past, error) {
	root, folder, as := n.Project.Root, filepath.FromSlash(n.Project.Config.Records), n.Project.Config.Records
	if n.Dir != "" {
		root, folder, as = n.Env.Path(n.Dir), ".", filepath.ToSlash(n.Dir)
	}
	dir := filepath.Join(root, folder)
	if info, err := os.Stat(dir); err == nil && !info.IsDir() { // a named pipe would not even open
		return nil, fmt.Errorf("%s is not a folder", cli.Shown(dir))
	}
	return briefing.OpenPast(root, folder, as, n.Project.SecretFinder())
}

// Values are the values that the newest records have under a key of their front
// matter, in order. The project must be set.
func (n *New) Values(key string) []string {
	if known, ok := n.values[key]; ok {
		return known
	}
	past, err := n.openPast()
	if err != nil {
		return nil
	}
	defer past.Close()
	if n.values == nil {
		n.values = map[string][]string{}
	}
	n.values[key] = past.Values(key)
	return n.values[key]
}

// brief makes the briefing for a draft, where one is wanted.
func (n *New) brief(ctx context.Context, wait func() (*briefing.Past, error), template []byte) {
	past, err := wait()
	if err != nil {
		n.Env.Tell("There is no briefing: earlier records cannot be read: %v", err)
	}
	if err != nil || past == nil {
		return
	}
	defer past.Close()
	opt := n.Project.Options()
	n.Briefing = past.Brief(briefing.Start{
		Services: n.Draft.Services, Nameless: isNameless(n.Project, n.Draft.Services, n.repoService), Environment: n.Draft.Environment, Now: n.Env.Now(), At: n.Draft.Started,
		Checklist: records.ParseTemplate(n.Project.Config.Template, template, opt), Person: project.NewPeople(n.Project).Name,
	}, opt)
	n.Briefing.Compare(ctx, n.repo, n.Draft.Commit)
}

// isNameless tells whether a record that names no service is one of those that
// are deployed now: the repository's name is the service of new records, unless
// the configuration has one.
func isNameless(p *project.Project, services []string, repository string) bool {
	return p.Config.Service == "" && briefing.Start{Services: services}.IsService(repository)
}

// UnderWay is a deployment of the same service to the same environment that nobody finished,
// rather one that the same people began; nil where there is none, or nobody looked. What
// others began more than a day ago they forgot.
func (n *New) UnderWay() *records.Record {
	if n.Briefing == nil {
		return nil
	}
	start := briefing.Start{Services: n.Draft.Services, Nameless: isNameless(n.Project, n.Draft.Services, n.repoService), Environment: n.Draft.Environment}
	byUs := func(r *records.Record) bool {
		return slices.ContainsFunc(r.Deployers, func(t records.Text) bool {
			return slices.ContainsFunc(n.Draft.Deployers, func(name string) bool { return text.Same(name, n.Project.Config.Person(t.Value)) })
		})
	}
	var others *records.Record
	for _, r := range slices.Concat(n.Briefing.Open, n.Briefing.Later) {
		switch {
		case !start.IsOurs(r) || !start.IsHere(r) && len(r.Environments) > 0 || r.IsPlanned(n.Env.Now()):
		case byUs(r):
			return r
		case others == nil && !r.IsOld(n.Env.Now()):
			others = r
		}
	}
	return others
}

// ByWhom is ", by Ada Park", or "" where a record names nobody.
func (n *New) ByWhom(r *records.Record) string { return byWhom(n.Project, r) }

// addBriefing puts the briefing into the record.
func (n *New) addBriefing() {
	with, err := n.Briefing.Insert(n.Content, n.Project.Options())
	if err != nil {
		n.Env.Tell("The briefing is not in the record: with it this checklist would be read differently.")
		return
	}
	n.Content = with
}

// Brief is what earlier deployments left for the one of the record, in whose folder
// they are looked for.
func (j *Job) Brief(ctx context.Context) (*briefing.Briefing, error) {
	past, err := briefing.OpenPast(filepath.Dir(j.File.Path), ".", path.Dir(j.File.Name), j.Project.SecretFinder())
	if err != nil {
		return nil, err
	}
	defer past.Close()
	service := j.Project.Config.Service
	if service == "" {
		if service, err = repositoryService(ctx, j.Project); err != nil {
			return nil, err
		}
	}
	start := briefing.Start{Services: records.Values(j.Record.Services), Environment: j.Record.Environment.Value,
		Now: j.Env.Now(), At: insights.LatestStart(j.Record), Checklist: checklistOf(j.Project), Except: j.Record.ID}
	if len(start.Services) == 0 && service != "" {
		start.Services = []string{service}
	}
	start.Nameless = isNameless(j.Project, start.Services, service)
	return past.Brief(start, j.Project.Options()), nil
}

// repositoryService is the service by the repository's name, "" where git tells
// nothing.
func repositoryService(ctx context.Context, p *project.Project) (string, error) {
	repo, err := git.Find(p.Root)
	if repo == nil && git.Unavailable(err) {
		return "", nil
	}
	if repo == nil {
		return "", err
	}
	remote, err := repo.Remote(ctx)
	name, _ := repo.Name(remote)
	return name, err
}

// checklistOf is the project's checklist, nil where there is none.
func checklistOf(p *project.Project) *records.Record {
	source, err := p.ReadDocument(p.Config.Template, maxTemplate)
	if err != nil {
		return nil // it only says which tips it has taken up
	}
	return records.ParseTemplate(p.Config.Template, source, p.Options())
}
