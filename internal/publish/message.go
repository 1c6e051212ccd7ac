package publish

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// reason is the cause of an error of the os package, without "openat PATH": messages
// here name the path themselves.
func reason(err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return pe.Err
	}
	if le, ok := errors.AsType[*os.LinkError](err); ok {
		return le.Err
	}
	return err
}

// list joins names for a message, at most ten of them.
func list(names []string) string {
	const most = 10
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
