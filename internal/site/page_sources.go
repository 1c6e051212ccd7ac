package site

import (
	"cmp"
	"html/template"

	"github.com/deploysite/deploysite/internal/facet"
)

// DocumentsPage lists the processes or the checklists of several sources.
type DocumentsPage struct {
	Page
	Name string // "process" or "checklist"
	Rows []DocumentRow
}

// DocumentRow is the document of one source.
type DocumentRow struct {
	Source   template.HTML
	Document template.HTML // a link; "" where there is none
	File     string        // where it stands, or should stand
	Steps    int           // of a checklist
}

// documentLists adds the pages that lead to the documents of each source.
func (s *pager) addDocumentLists() {
	s.addDocumentList("process", s.words.T("document.process-title"), func(src *source) (*Document, string) { return src.process, src.config.Process })
	s.addDocumentList("checklist", s.words.T("document.checklists"), func(src *source) (*Document, string) { return src.template, src.config.Template })
}

func (s *pager) addDocumentList(name, title string, of func(*source) (*Document, string)) {
	s.add(name+"/", "documents", func() framed {
		p := DocumentsPage{Page: s.page(name+"/", title, name), Name: name}
		for _, t := range s.Terms[facet.Source] {
			d, file := of(t.source)
			row := DocumentRow{Source: p.anchor("", t.Page(), t.Name), File: t.source.project.Shown(file)}
			if d != nil {
				row.Document, row.Steps = p.anchor("", t.source.folder(name+"/"), cmp.Or(d.Title.Value, title)), len(d.Steps)
			}
			p.Rows = append(p.Rows, row)
		}
		return p
	})
}
