// Package write replaces files of a folder, all or none.
package write

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
)

// Files writes files, by path, under temporary names, and renames them when all
// are complete. If one cannot be written, the folder stays as it was.
func Files(files map[string][]byte) (err error) {
	var paths []string
	for path := range files {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	temporary := map[string]string{}
	defer func() {
		for _, name := range temporary {
			os.Remove(name)
		}
	}()
	for _, path := range paths {
		name, err := write(path, files[path])
		if name != "" {
			temporary[path] = name
		}
		if err != nil {
			return fmt.Errorf("cannot write %s: %w", path, err)
		}
	}
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil && info.IsDir() {
			return fmt.Errorf("cannot write %s: it is a folder", path)
		}
	}
	for _, path := range paths {
		if err := os.Rename(temporary[path], path); err != nil {
			return fmt.Errorf("cannot write %s: %w", path, err)
		}
		delete(temporary, path)
	}
	return nil
}

func write(path string, text []byte) (name string, err error) {
	// A name that the go command ignores, should it look.
	f, err := os.CreateTemp(filepath.Dir(path), ".corogen*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	return f.Name(), errors.Join(err, f.Chmod(0o644), f.Close())
}
