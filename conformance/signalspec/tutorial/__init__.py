"""The tutorial, `spec/tutorial/`, as a project: `pages` reads its blocks of code, `building` makes files of them."""
