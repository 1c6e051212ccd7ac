package text

import (
	"strings"
	"testing"
)

func TestConflicts(t *testing.T) {
	const fence = "```"
	for name, test := range map[string]struct {
		source string
		want   string // as Describe has them, one a line
	}{
		"plain":                  {"a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> topic\n", "<<<<<<< in line 2, ======= in line 4, >>>>>>> in line 6"},
		"diff3":                  {"<<<<<<< ours\nb\n||||||| 1a2b3c\nx\n=======\nc\n>>>>>>> theirs\n", "<<<<<<< in line 1, ||||||| in line 3, ======= in line 5, >>>>>>> in line 7"},
		"zdiff3, CRLF and BOM":   {"\ufeff<<<<<<< HEAD\r\n||||||| base\r\n=======\r\nc\r\n>>>>>>> x\r\n", "<<<<<<< in line 1, ||||||| in line 2, ======= in line 3, >>>>>>> in line 5"},
		"two":                    {"<<<<<<< a\n=======\n>>>>>>> b\n\n<<<<<<< a\n=======\n>>>>>>> b\n", "<<<<<<< in line 1, ======= in line 2, >>>>>>> in line 3\n<<<<<<< in line 5, ======= in line 6, >>>>>>> in line 7"},
		"no labels":              {"<<<<<<<\n=======\n>>>>>>>\n", "<<<<<<< in line 1, ======= in line 2, >>>>>>> in line 3"},
		"the start alone":        {"# t\n<<<<<<< HEAD\n- [ ] a\n", "<<<<<<< in line 2"},
		"the start is gone":      {"- [ ] a\n=======\n- [x] a\n>>>>>>> main\n", "======= in line 2, >>>>>>> in line 4"},
		"in the front matter":    {"---\ntitle: x\n<<<<<<< HEAD\nstatus: failed\n=======\nstatus: succeeded\n>>>>>>> m\n---\n", "<<<<<<< in line 3, ======= in line 5, >>>>>>> in line 7"},
		"a block cut in two":     {fence + "sh\nls\n<<<<<<< HEAD\nrm\n" + fence + "\n=======\n" + fence + "\n>>>>>>> m\n", "<<<<<<< in line 3, ======= in line 6, >>>>>>> in line 8"},
		"a block begins in one":  {"<<<<<<< HEAD\n" + fence + "\n=======\n>>>>>>> m\n" + fence + "\n", "<<<<<<< in line 1, ======= in line 3, >>>>>>> in line 4"},
		"a block within a list":  {"- [ ] a\n  " + fence + "\n<<<<<<< HEAD\n  x\n=======\n  y\n>>>>>>> m\n  " + fence + "\n", "<<<<<<< in line 3, ======= in line 5, >>>>>>> in line 7"},
		"behind an example":      {fence + "\n<<<<<<< a\n=======\n>>>>>>> b\n" + fence + "\n<<<<<<< HEAD\n=======\n>>>>>>> m\n", "<<<<<<< in line 6, ======= in line 7, >>>>>>> in line 8"},
		"of another text editor": {"<<<<<<< conflict 1 of 1\n%%%%%%% diff\n+++++++ other\n>>>>>>> conflict 1 of 1 ends\n", "<<<<<<< in line 1, >>>>>>> in line 4"},

		"an underline":            {"Title\n=======\n\ntext\n", ""},
		"underlines":              {"One\n=======\n\nTwo\n=======\n", ""},
		"an example":              {fence + "text\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> m\n" + fence + "\n", ""},
		"an example in tildes":    {"~~~~ diff\n<<<<<<< HEAD\n" + fence + "\n=======\n>>>>>>> m\n~~~~\n", ""},
		"a quoted example":        {"> <<<<<<< HEAD\n> a\n> =======\n> b\n> >>>>>>> m\n", ""},
		"an indented example":     {"    <<<<<<< HEAD\n    =======\n    >>>>>>> m\n", ""},
		"in a sentence":           {"Look for `<<<<<<< HEAD` and ======= in it.\n", ""},
		"a deep quote":            {"Title\n=======\n\n> quote\n>>>>>>> deep\n", ""},
		"a deep quote alone":      {">>>>>>> deep\n", ""},
		"other lengths":           {"<<<<<<<< HEAD\n<<<<<< HEAD\n<<<<<<<HEAD\n", ""},
		"an end far behind a row": {"|||||||\n|---|\n>>>>>>> x\n", ""},
	} {
		var got []string
		for _, c := range Conflicts([]byte(test.source)) {
			got = append(got, c.Describe([]byte(test.source)))
		}
		if all := strings.Join(got, "\n"); all != test.want {
			t.Errorf("%s:\n got %s\nwant %s", name, all, test.want)
		}
	}
}
