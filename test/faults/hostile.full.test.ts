// A sample of the million cases, for every full run.
import './hostile.fault';
