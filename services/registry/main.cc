#include "services/registry/app.h"

int main(int argc, char** argv) { return minsheng::registry::Main(argc, argv); }
