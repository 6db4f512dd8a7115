#include "services/progress/app.h"

int main(int argc, char** argv) { return minsheng::progress::Main(argc, argv); }
