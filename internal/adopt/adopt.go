// Package adopt brings the deployment process into an existing repository. It
// looks for a checklist, records, logs and workflows, says what it found, and plans
// the files that are missing. It never changes a file that exists.
//
//	plan, err := adopt.Look(ctx, root.FS(), config, adopt.Facts{Branch: "main", Remote: "https://github.com/acme/shop"})
//	if err != nil {
//		return err
//	}
//	plan.Apply(root) // fills in what became of each file
//	for _, f := range plan.Files {
//		fmt.Println(f.State, f.Path)
//	}
//
// A checklist with another name and records in another folder stay where they are;
// the planned deploysite.toml says where. A look is limited to a number of names and
// files. The plan says so where that left something out.
package adopt

import (
	"bytes"
	"context"
	_ "embed"
	"io/fs"
	"path"
	"strconv"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/text"
)

// Facts is what is known of the repository besides its files. The zero value is
// a folder outside of git.
type Facts struct {
	Git        bool   // it is a git repository
	Remote     string // web address of the repository on its forge, "" where there is none
	Branch     string // the default branch, "" for "main"
	Below      string // the project's folder below the repository's top, slash-separated, "" for the top itself
	Configured bool   // there is a deploysite.toml
	Top        fs.FS  // the whole repository where the project is a folder in it; nil otherwise

	Document func(name string) ([]byte, error) // reads the checklist or the process, as the commands do; nil to read them here

	PagesBranches []string                       // those of the branches "pages" and "gh-pages" that exist
	Ignores       func(folder string) bool       // whether git ignores a folder; nil for none
	Untracked     func(names ...string) []string // which of some files git does not know; nil for none

	// Problems lists what a build of the project with a configuration finds wrong; nil
	// to look at the records alone.
	Problems func(project.Config) ([]problem.Problem, error)

	Forge   string // one of [Forges], as the user said; "" to find it out
	NoCI    bool   // no publishing workflow
	NoMise  bool   // there is no mise on this machine
	Version string // of deploysite, such as "0.1.0"; anything but a release becomes "latest"
}

// Plan says what an adoption found, and which files it will write.
type Plan struct {
	Found []Finding // what is there
	Files []File    // what would be written, and became of it
	Left  []Finding // what was not done, and why

	todo    []string // steps for people, besides those that the files bring
	edited  []string // files that these steps change
	earlier []string // files of an earlier adoption, or of people, that nobody gave to git
	git     bool
	noMise  bool
	unswept []string // folders where a killed adoption left something
}

// Finding is something that was found, or that was not done.
type Finding struct {
	Kind string `json:"kind"` // "checklist", "process", "records", "log", "mise", "forge", …
	Path string `json:"path"` // slash-separated, relative to the project's root; "" where it is no file
	Text string `json:"text"` // a clause for people
}

// State is what became of a planned file.
type State string

// The states.
const (
	Planned State = "planned"
	Written State = "written"
	Blocked State = "blocked" // something else stands in the way
	Failed  State = "failed"
)

// File is a file to write.
type File struct {
	Path    string `json:"path"` // slash-separated, relative to the project's root
	State   State  `json:"state"`
	Why     string `json:"why"`              // a clause for people
	Reason  string `json:"reason,omitempty"` // why it is blocked or failed
	Content []byte `json:"-"`

	next string // a step for people once the file is there; "" for none
}

//go:embed starters/deployment-checklist.md
var checklist []byte

// Checklist is the built-in checklist, for a project that has none yet.
func Checklist() []byte { return bytes.Clone(checklist) }

// Look reads what matters for the adoption of a project and plans it. An error
// means that its folder cannot be listed, or that ctx was cancelled.
func Look(ctx context.Context, fsys fs.FS, config project.Config, facts Facts) (*Plan, error) {
	tree, err := survey(ctx, fsys, maxEntries)
	if err != nil {
		return nil, err
	}
	if facts.Branch == "" {
		facts.Branch = "main"
	}
	p := &planner{tree: tree, config: config, facts: facts, plan: &Plan{git: facts.Git, noMise: facts.NoMise, unswept: tree.unswept}, mise: lookAtMise(tree)}
	p.records()
	p.documents()
	p.configuration()
	p.tasks()
	p.ignore()
	p.headers()
	p.workflow()
	if facts.Untracked != nil {
		p.plan.earlier = facts.Untracked(p.config.Template, p.config.Process, path.Join(p.config.Records, ".gitkeep"), project.ConfigName,
			miseFile, miseExtra, ".gitignore", headersFile, ".github/workflows/"+workflowName, ".forgejo/workflows/"+workflowName,
			".gitea/workflows/"+workflowName, gitlabFile, gitlabExtra)
	}
	for _, folder := range tree.own[:min(maxNamed, len(tree.own))] {
		p.left("project", folder, "is a project of its own, with a "+project.ConfigName+"; call deploysite init there")
	}
	if tree.odd > 0 {
		p.left("names", "", text.Count(tree.odd, "name")+" with backslashes or characters that cannot be seen; what is called so is not looked at")
	}
	if tree.cut {
		p.left("size", "", "only the first "+text.Count(maxEntries, "name")+" of the repository were looked at, the upper folders first")
	}
	if tree.deep {
		p.left("size", "", "only folders up to "+strconv.Itoa(maxLevels)+" deep were looked at")
	}
	return p.plan, nil
}

// planner makes a plan.
type planner struct {
	tree   *tree
	config project.Config // as it will be once the plan is carried out
	facts  Facts
	plan   *Plan
	mise   miseFiles

	settings []setting // what deploysite.toml has to say
	host     string    // who publishes the site without a workflow, such as "Netlify"; "" where none is known
	problems int       // in the records, as a build finds them; -1 where nobody looked
	atTop    []string  // files with a record's name that lie in no folder

	imports map[string]bool // the files that records were imported from
}

func (p *planner) found(kind, path, text string) {
	p.plan.Found = append(p.plan.Found, Finding{kind, path, text})
}

func (p *planner) left(kind, path, text string) {
	p.plan.Left = append(p.plan.Left, Finding{kind, path, text})
}

func (p *planner) todo(step string) { p.plan.todo = append(p.plan.todo, step) }

// edit is a todo that changes a file.
func (p *planner) edit(file, step string) {
	p.plan.edited = append(p.plan.edited, file)
	p.todo(step)
}

// file plans a file, or notes what is in its way. It returns nil where the file
// exists already.
func (p *planner) file(name, why, content string) *File {
	if info, err := fs.Lstat(p.tree.fsys, name); err == nil && info.Mode().IsRegular() {
		return nil
	}
	f := File{Path: name, Why: why, Content: []byte(content), State: Planned}
	if f.Reason = inTheWay(p.tree.fsys, name); f.Reason != "" {
		f.State = Blocked
	}
	p.plan.Files = append(p.plan.Files, f)
	return &p.plan.Files[len(p.plan.Files)-1]
}

// inTheWay says what keeps a file from being made, or "".
func inTheWay(fsys fs.FS, name string) string {
	for at := path.Dir(name); at != "."; at = path.Dir(at) {
		info, err := fs.Lstat(fsys, at)
		switch {
		case err != nil: // it is not there, or a folder above is no folder
		case info.Mode()&fs.ModeSymlink != 0:
			return at + " is a symbolic link, which is not followed"
		case !info.IsDir():
			return at + " is " + disk.TypeName(info.Mode()) + ", not a folder"
		}
	}
	if info, err := fs.Lstat(fsys, name); err == nil {
		return "there is " + disk.TypeName(info.Mode()) + " of that name"
	}
	return ""
}
