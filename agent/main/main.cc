#include "agent/main/program.h"

int main(int argc, char** argv) { return platen::command::run(platen::agent::program(), argc, argv); }
