package site

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/records"
)

// A Doc is a page of the documents: a Markdown file of the folder that the
// configuration names as "documents", or a folder in it. Together they are a
// tree, whose root is that folder itself.
//
//	docs/guide/             docs/
//	  README.md               (its text)
//	  start.md                docs/start/
//	  commands.md             docs/commands/
//	  commands/build.md       docs/commands/build/
type Doc struct {
	Title    string
	Children []*Doc // in the order of the pages
	parent   *Doc   // nil for the root
	page     string // "docs/start/"
	file     string // of the project, "" where a folder has no text of its own
	folder   string // of the project, "" where the page is no folder

	// What its file says:
	weight   float64 // light pages stand before heavy ones; infinite where nobody wrote it
	group    string  // heads those that stand together in the menu; "" for none
	body     spooled
	anchors  []string
	contents Contents
	words    int
	off      *problem.Off
}

// Page is the document's page: "docs/start/".
func (d *Doc) Page() string { return d.page }

// all returns the document and all below it, in reading order; none if d is nil.
func (d *Doc) all() []*Doc {
	if d == nil {
		return nil
	}
	all := []*Doc{d}
	for _, c := range d.Children {
		all = append(all, c.all()...)
	}
	return all
}

// sort puts the children in order: by weight, then by title as people sort,
// then by address. d may be nil.
func (d *Doc) sort(tag language.Tag) {
	order := collation(tag)
	for _, d := range d.all() {
		slices.SortFunc(d.Children, func(a, b *Doc) int {
			return cmp.Or(cmp.Compare(a.weight, b.weight), order(a.Title, b.Title), cmp.Compare(a.page, b.page))
		})
	}
}

// maxDocDepth is how deep folders of documents may be nested. It keeps paths
// short enough for every file system.
const maxDocDepth = 8

// A docLister finds the documents and gives each its page.
type docLister struct {
	fsys     fs.FS
	config   project.Config
	pages    map[string]string // files and folders that have a page; gets those of the documents
	taken    map[string]*Doc   // folded page → what has it
	problems []problem.Problem
}

// listDocs finds the documents of a project and returns the root, nil if the
// configuration names no folder. A folder that does not exist is an error.
func listDocs(fsys fs.FS, p *project.Project, pages map[string]string) (*Doc, []problem.Problem, error) {
	c := p.Config
	if c.Documents == "" {
		return nil, nil, nil
	}
	if err := checkDocFolder(fsys, p); err != nil {
		return nil, nil, err
	}
	root := &Doc{page: "docs/", folder: c.Documents}
	l := docLister{fsys: fsys, config: c, pages: pages, taken: map[string]*Doc{root.page: root}}
	l.list(root, 0)
	root.prune()
	for _, d := range root.all() {
		for _, source := range []string{d.file, d.folder} {
			if source != "" {
				pages[source] = d.page
			}
		}
	}
	return root, l.problems, nil
}

// checkDocFolder refuses links: one may lead out of the project.
func checkDocFolder(fsys fs.FS, p *project.Project) error {
	at := ""
	for part := range strings.SplitSeq(p.Config.Documents, "/") {
		at = path.Join(at, part)
		info, err := fs.Lstat(fsys, at)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return p.AndMissing(p.Mistake("documents", "there is no folder "+p.Config.Documents, project.NoFolder))
		case err != nil:
			return err
		case info.Mode()&fs.ModeSymlink != 0:
			return p.Mistake("documents", at+" is a symbolic link", "name a folder of the project itself")
		case !info.IsDir():
			return p.Mistake("documents", at+" is not a folder", "name a folder; documents are read from one")
		}
	}
	return nil
}

// list adds what a folder holds below its page, files first: commands.md is the
// text of the folder commands.
func (l *docLister) list(d *Doc, depth int) {
	entries, err := fs.ReadDir(l.fsys, d.folder)
	if err != nil {
		l.leaveOut(problem.Unreadable, d.folder, "make it readable", "not read: %v", err)
		return
	}
	var folders []string
	for _, e := range entries {
		name := path.Join(d.folder, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_"):
		case name == l.config.Records || name == l.config.Output || l.pages[name] != "": // shown elsewhere, or made of this
		case !fs.ValidPath(name): // no file system opens it
			if e.IsDir() || records.IsMarkdown(name) {
				l.leaveOut(problem.NotRead, name, "give it another name", "not read: its name is not text in UTF-8")
			}
		case e.IsDir():
			folders = append(folders, name)
		case records.IsMarkdown(name):
			l.addFile(d, name, e.Type())
		case e.Type()&fs.ModeSymlink != 0 && path.Ext(name) == "":
			l.leaveOut(problem.NotRead, name, "put the folder itself there", "not read: it is a symbolic link")
		}
	}
	for _, name := range folders {
		l.addFolder(d, name, depth+1)
	}
}

func (l *docLister) addFile(parent *Doc, file string, mode fs.FileMode) {
	if !mode.IsRegular() {
		rule := problem.NotRead
		if _, err := fs.Stat(l.fsys, file); errors.Is(err, fs.ErrNotExist) {
			rule = problem.Unreadable // a link to what is not there
		}
		l.leaveOut(rule, file, "put the file itself there", "not read: it is not a regular file")
		return
	}
	stem := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if strings.EqualFold(stem, "index") || strings.EqualFold(stem, "readme") {
		l.giveText(parent, file)
		return
	}
	if d := l.place(parent, file, stem); d != nil {
		d.file, d.Title = file, nameTitle(stem)
	}
}

// giveText makes a file the text of its folder's page.
func (l *docLister) giveText(d *Doc, file string) {
	if d.file != "" {
		l.leaveOut(problem.SamePage, file, "join the two, or rename one of them", "not shown: %s is the page of its folder already", d.file)
		return
	}
	d.file = file
}

func (l *docLister) addFolder(parent *Doc, folder string, depth int) {
	if depth > maxDocDepth {
		l.leaveOut(problem.NotRead, folder, "move it further up", "not read: more than %d folders are nested", maxDocDepth)
		return
	}
	name := path.Base(folder)
	page := docPage(parent, name)
	d := l.taken[publish.Fold(page)]
	if d == nil || strings.TrimSuffix(d.file, path.Ext(d.file)) != folder {
		if d = l.place(parent, folder, name); d == nil {
			return
		}
		d.Title = nameTitle(name)
	}
	d.folder = folder
	l.list(d, depth)
}

// place makes a page for a file or folder, unless another one has that page already,
// in whatever case.
func (l *docLister) place(parent *Doc, source, name string) *Doc {
	d := &Doc{parent: parent, page: docPage(parent, name), weight: math.Inf(1)}
	if why := publish.BadPath(d.page + "index.html"); why != "" {
		l.leaveOut(problem.SamePage, source, "rename it", "not shown: its page's name %s", why)
		return nil
	}
	key := publish.Fold(d.page)
	if other := l.taken[key]; other != nil {
		l.leaveOut(problem.SamePage, source, "rename one of them", "not shown: its page would be that of %s", cmp.Or(other.file, other.folder))
		return nil
	}
	l.taken[key] = d
	parent.Children = append(parent.Children, d)
	return d
}

// docPage is the page of something below another one.
func docPage(parent *Doc, name string) string {
	return parent.page + safeSlug(name) + "/"
}

func (l *docLister) leaveOut(rule problem.Rule, file, hint, format string, args ...any) {
	l.problems = append(l.problems, rule.In(file, fmt.Sprintf(format, args...), hint))
}

// prune removes folders that hold no document.
func (d *Doc) prune() {
	d.Children = slices.DeleteFunc(d.Children, func(c *Doc) bool {
		c.prune()
		return c.file == "" && len(c.Children) == 0
	})
}

// nameTitle makes a title of a file's name: "roll-back_db" is "Roll back db".
func nameTitle(stem string) string {
	words := strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ").Replace(stem))
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return stem
	}
	return string(unicode.ToUpper(first)) + words[size:]
}
